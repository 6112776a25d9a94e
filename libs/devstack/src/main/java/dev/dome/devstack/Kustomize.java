package dev.dome.devstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * kustomize itself, which turns the folders under {@code k8s/} into the documents that a cluster is
 * given: {@code $DOME_KUSTOMIZE}, else PATH, else the cache, else Debian's package, else the one
 * inside a kubectl on PATH.
 */
public final class Kustomize {
  private static final String PROGRAM = "kustomize";

  private final List<String> command;

  private Kustomize(List<String> command) {
    this.command = List.copyOf(command);
  }

  /**
   * The program of this machine.
   *
   * @throws DevstackException when none can be had; the message says what to install
   */
  public static Kustomize find() {
    var configured = Optional.ofNullable(System.getenv("DOME_KUSTOMIZE")).filter(v -> !v.isBlank());
    if (configured.isPresent()) {
      return new Kustomize(List.of(mustExist(Path.of(configured.get())), "build"));
    }
    return Executables.onPath(PROGRAM)
        .map(Kustomize::standalone)
        .orElseGet(() -> brought(Cache.ofThisMachine()));
  }

  static Kustomize brought(Cache cache) {
    try {
      return standalone(
          cache
              .directory(PROGRAM, target -> new DebianPackage(PROGRAM).fetch(target))
              .resolve(PROGRAM));
    } catch (DevstackException e) {
      return Executables.onPath("kubectl")
          .map(kubectl -> new Kustomize(List.of(kubectl.toString(), PROGRAM)))
          .orElseThrow(() ->
              new DevstackException(
                  "no kustomize: install kustomize 5 or kubectl, or name one in DOME_KUSTOMIZE ("
                      + e.getMessage()
                      + ")",
                  e));
    }
  }

  private static Kustomize standalone(Path program) {
    return new Kustomize(List.of(program.toString(), "build"));
  }

  private static String mustExist(Path program) {
    if (!Files.isExecutable(program)) {
      throw new DevstackException(program + " of DOME_KUSTOMIZE is not executable");
    }
    return program.toString();
  }

  /**
   * The documents of a folder with a {@code kustomization.yaml}, as one YAML stream.
   *
   * @throws DevstackException with kustomize's words when it refuses
   */
  public String build(Path folder) {
    var build = new ArrayList<>(command);
    build.add(folder.toString());
    var result = Executables.run(build);
    if (result.exitCode() != 0) {
      throw new DevstackException("kustomize refuses " + folder + ": " + result.output());
    }
    return result.output();
  }

  /** What runs, for a line in a report. */
  @Override
  public String toString() {
    return String.join(" ", command);
  }
}
