package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program out of a package of Debian's {@code forky} release, fetched by apt with lists and cache
 * of its own, or of this machine's own release. Nothing of the machine's package state is changed,
 * so any user can do it. The archive's signature and the package's digest are checked by apt.
 */
final class DebianPackage implements NatsBinary.Source {
  private static final String SUITE = "forky";
  private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

  private final String packageName;
  private final String program;
  private final boolean ownSources;

  /** The program of the package's own name. */
  DebianPackage(String program) {
    this(program, program, false);
  }

  private DebianPackage(String packageName, String program, boolean ownSources) {
    this.packageName = packageName;
    this.program = program;
    this.ownSources = ownSources;
  }

  static DebianPackage of(String packageName, String program) {
    return new DebianPackage(packageName, program, false);
  }

  /**
   * As this machine's own sources and lists have it, whatever release of Debian or Ubuntu it is.
   */
  static DebianPackage ofThisMachine(String packageName, String program) {
    return new DebianPackage(packageName, program, true);
  }

  @Override
  public String name() {
    return "Debian package " + packageName + " (" + (ownSources ? "own sources" : SUITE) + ")";
  }

  @Override
  public void fetch(Path directory) {
    for (var tool : List.of("apt-get", "dpkg")) {
      if (Executables.onPath(tool).isEmpty()) {
        throw new DevstackException("this machine has no " + tool);
      }
    }
    if (!ownSources && !Files.exists(KEYRING)) {
      throw new DevstackException(KEYRING + " is missing (package debian-archive-keyring)");
    }
    var work = PrivateFiles.directory(directory.resolve("apt"));
    try {
      if (ownSources) {
        mustRun(work, List.of("apt-get", "-q", "download", packageName));
      } else {
        download(work, mirror());
      }
      var unpacked = PrivateFiles.directory(work.resolve("unpacked"));
      mustRun(work, List.of("dpkg", "-x", packageFile(work).toString(), unpacked.toString()));
      Files.copy(programIn(unpacked), directory.resolve(program));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PrivateFiles.deleteTree(work);
  }

  /** {@code $DOME_DEBIAN_MIRROR}, else the archive that this machine's own sources name. */
  private static String mirror() {
    var configured = System.getenv("DOME_DEBIAN_MIRROR");
    if (configured != null && !configured.isBlank()) {
      return configured;
    }
    var targets =
        Executables.run(
            List.of("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"));
    return targets
        .output()
        .lines()
        .filter(uri -> uri.endsWith("/debian/") || uri.endsWith("/debian"))
        .findFirst()
        .orElseThrow(() ->
            new DevstackException(
                "apt knows no Debian archive here: name one in DOME_DEBIAN_MIRROR"));
  }

  private void download(Path work, String mirror) throws IOException {
    PrivateFiles.directory(work.resolve("lists/partial"));
    PrivateFiles.directory(work.resolve("cache/archives/partial"));
    Files.createFile(work.resolve("status"));
    Files.writeString(
        work.resolve("sources.list"),
        "deb [signed-by=%s] %s %s main%n".formatted(KEYRING, mirror, SUITE));
    mustRun(work, apt(work, "update"));
    mustRun(work, apt(work, "download", packageName));
  }

  private static List<String> apt(Path work, String... arguments) {
    var command = new ArrayList<String>();
    command.addAll(List.of("apt-get", "-q"));
    Stream.of(
            "Dir::Etc::sourcelist=" + work.resolve("sources.list"),
            "Dir::Etc::sourceparts=/dev/null",
            "Dir::State::Lists=" + work.resolve("lists"),
            "Dir::State::status=" + work.resolve("status"),
            "Dir::Cache=" + work.resolve("cache"),
            "Acquire::Languages=none",
            "Acquire::Retries=3",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
            // The directory is private to this user, so apt's own unprivileged user cannot write.
            "APT::Sandbox::User=")
        .forEach(option -> command.addAll(List.of("-o", option)));
    command.addAll(List.of(arguments));
    return command;
  }

  private static void mustRun(Path directory, List<String> command) {
    var result = Executables.run(command, directory);
    if (result.exitCode() != 0) {
      throw new DevstackException(
          command.getFirst() + " ended with " + result.exitCode() + ": " + result.output());
    }
  }

  private Path packageFile(Path work) throws IOException {
    try (Stream<Path> files = Files.list(work)) {
      Optional<Path> found =
          files.filter(file -> file.getFileName().toString().endsWith(".deb")).findFirst();
      return found.orElseThrow(() -> new DevstackException("apt-get left no package file"));
    }
  }

  private Path programIn(Path unpacked) throws IOException {
    try (Stream<Path> files = Files.walk(unpacked)) {
      Optional<Path> found =
          files
              .filter(file -> file.getFileName().toString().equals(program))
              .filter(Files::isRegularFile)
              .filter(Files::isExecutable)
              .findFirst();
      return found.orElseThrow(() -> new DevstackException("the package has no " + program));
    }
  }
}
