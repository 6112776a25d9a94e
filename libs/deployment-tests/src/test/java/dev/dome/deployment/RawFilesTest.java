package dev.dome.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files as they are written, on every machine. */
class RawFilesTest {
  private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)$");
  private static final Pattern PINNED =
      Pattern.compile("\\S+(:[0-9]+\\.[0-9]+[0-9A-Za-z._-]*|@sha256:[0-9a-f]{64})");

  @Test
  void everyManifestIsOfItsTypeAndHasNoUnknownField() throws IOException {
    List<String> kinds = new ArrayList<>();
    for (Path file : yamlFiles()) {
      for (JsonNode tree : StrictDocuments.trees(Files.readString(file))) {
        if (isManifest(tree)) {
          kinds.add(StrictDocuments.parse(tree).kind());
        }
      }
    }
    assertThat(kinds).hasSizeGreaterThan(50).contains("Rollout", "StatefulSet", "ScaledObject");
  }

  private static List<Path> yamlFiles() throws IOException {
    try (Stream<Path> files = Files.walk(Renderings.K8S)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** Kustomizations, and patches that delete or replace, are kustomize's to judge. */
  private static boolean isManifest(JsonNode tree) {
    return tree.has("kind")
        && !tree.path("apiVersion").asText().startsWith("kustomize.config.k8s.io")
        && !tree.toString().contains("\"$patch\"");
  }

  @Test
  void everyFileOfManifestsIsUsedByAKustomization() throws IOException {
    for (Path file : yamlFiles()) {
      String name = file.getFileName().toString();
      Path folder = file.getParent();
      // Rules for a Prometheus without the operator are loaded by hand.
      boolean plainRules = file.getParent().endsWith("observability/prometheus");
      if (name.equals("kustomization.yaml") || plainRules || !file.startsWith(Renderings.K8S)) {
        continue;
      }
      Path kustomization = folder.resolve("kustomization.yaml");
      while (!Files.exists(kustomization) && folder.startsWith(Renderings.K8S)) {
        folder = folder.getParent();
        kustomization = folder.resolve("kustomization.yaml");
      }
      if (Files.exists(kustomization)) {
        assertThat(Files.readString(kustomization))
            .as("%s is named by nobody", file)
            .contains(folder.relativize(file).toString());
      }
    }
  }

  @Test
  void imagesAreBuiltOnAFixedVersionAndRunAsTheUserOfTheManifests() throws IOException {
    try (Stream<Path> files = Files.list(Repository.ROOT.resolve("docker"))) {
      List<Path> dockerfiles = files.toList();
      assertThat(dockerfiles).hasSize(3);
      for (Path dockerfile : dockerfiles) {
        String text = Files.readString(dockerfile);
        assertThat(FROM.matcher(text).results().map(match -> match.group(1)))
            .as(dockerfile.toString())
            .isNotEmpty()
            .allMatch(image -> PINNED.matcher(image).matches());
        assertThat(text).as(dockerfile.toString()).contains("USER 10001:10001");
      }
    }
  }

  /** One way only says what services run as; see the decision record on manifests. */
  @Test
  void noServiceGeneratesManifestsOfItsOwn() {
    for (String service : Repository.services()) {
      assertThat(Repository.read("services/" + service + "/pom.xml"))
          .doesNotContain("quarkus-kubernetes", "quarkus-container-image");
    }
  }
}
