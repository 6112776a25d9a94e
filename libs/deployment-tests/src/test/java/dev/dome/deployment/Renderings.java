package dev.dome.deployment;

import dev.dome.devstack.DevstackException;
import dev.dome.devstack.Kustomize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What kustomize makes of the folders under k8s/, each rendered once. */
final class Renderings {
  static final Path K8S = Repository.ROOT.resolve("k8s");
  private static final Map<Path, List<Document>> RENDERED = new ConcurrentHashMap<>();
  private static final Optional<Kustomize> KUSTOMIZE = kustomize();

  private Renderings() {}

  /**
   * Empty only on a machine that can have none, which the output then says. Continuous integration
   * has one, or fails.
   */
  private static Optional<Kustomize> kustomize() {
    try {
      Kustomize found = Kustomize.find();
      System.out.println("kustomize: " + found);
      return Optional.of(found);
    } catch (DevstackException e) {
      if ("true".equals(System.getenv("CI"))) {
        throw e;
      }
      System.out.println(
          "NOT RUN: rendered Kubernetes manifests were not tested: " + e.getMessage());
      return Optional.empty();
    }
  }

  static boolean possible() {
    return KUSTOMIZE.isPresent();
  }

  static List<String> overlays() {
    try (Stream<Path> folders = Files.list(K8S.resolve("overlays"))) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Cluster overlay(String name) {
    return new Cluster(name, render(K8S.resolve("overlays").resolve(name)));
  }

  private static List<Document> render(Path folder) {
    return RENDERED.computeIfAbsent(
        folder, f -> StrictDocuments.parse(KUSTOMIZE.orElseThrow().build(f)));
  }

  /** The base with some components, and nothing of an overlay. */
  static Cluster baseWith(String... components) {
    try {
      Path folder =
          Files.createDirectories(Repository.ROOT.resolve("libs/deployment-tests/target/k8s"));
      Path one = Files.createTempDirectory(folder, "base-with-");
      List<String> lines = new ArrayList<>();
      lines.add("apiVersion: kustomize.config.k8s.io/v1beta1");
      lines.add("kind: Kustomization");
      lines.add("namespace: dome");
      lines.add("resources: [" + one.relativize(K8S.resolve("base")) + "]");
      lines.add("components:");
      for (String component : components) {
        lines.add("- " + one.relativize(K8S.resolve(component)));
      }
      Files.write(one.resolve("kustomization.yaml"), lines);
      return new Cluster(String.join("+", components), render(one));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
