package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * From where the JVM of one service takes its classes: jars, the archive of the libraries that it
 * has in common with others, and on top of it one of its own, which an earlier JVM left. The name
 * of its own tells where the build output lies and which build it is, because the JVM refuses one
 * of another build. Several checkouts may share the cache, so each looks after its own archives.
 */
record ServiceClasses(String serviceName, RunJar jar, LibraryArchive libraries) {
  private static final String USE = "-XX:SharedArchiveFile=";
  private static final String LEAVE = "-XX:ArchiveClassesAtExit=";

  /** What starts the service, behind the flags of its JVM. */
  List<String> program() {
    var program = new ArrayList<>(jar.openFlags());
    program.addAll(List.of("-cp", libraries.libraries().classPathOf(jar), jar.mainClass()));
    return program;
  }

  /**
   * The flags that have a JVM use what archives there are.
   *
   * @param leaves whether it leaves what is missing when it ends, for the next
   */
  List<String> flags(boolean leaves) {
    if (!libraries.exists()) {
      return leaves ? List.of(libraries.learn(serviceName)) : List.of();
    }
    if (Files.exists(own())) {
      return List.of(USE + libraries.file() + ":" + own());
    }
    var common = USE + libraries.file();
    return leaves ? List.of(common, LEAVE + own()) : List.of(common);
  }

  /** Whether a JVM that starts now lacks nothing. */
  boolean isArchived() {
    return libraries.exists() && Files.exists(own());
  }

  /** Whether the orderly end of a JVM that was started so leaves an archive: that takes seconds. */
  static boolean isLeftBy(List<String> command) {
    return command.stream()
        .filter(word -> word.startsWith(LEAVE))
        .map(word -> Path.of(word.substring(LEAVE.length())))
        .anyMatch(file -> !Files.exists(file));
  }

  Path own() {
    return libraries.folder().resolve(serviceName + "-" + place() + "-" + build() + ".jsa");
  }

  /**
   * Deletes what earlier builds of the same service in the same place left; a JVM that has one open
   * keeps it.
   */
  void deleteOlder() {
    var ours =
        Pattern.compile(
            Pattern.quote(serviceName + "-" + place())
                + "-[0-9a-f]{"
                + BuildKey.LENGTH
                + "}\\.jsa");
    try (Stream<Path> archives = Files.list(libraries.folder())) {
      for (var archive : archives.toList()) {
        if (!archive.equals(own()) && ours.matcher(archive.getFileName().toString()).matches()) {
          Files.deleteIfExists(archive);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String place() {
    return key(jar.file().toAbsolutePath().toString());
  }

  private String build() {
    try {
      return key(Files.size(jar.file()) + "\n" + Files.getLastModifiedTime(jar.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(String origin) {
    return BuildKey.of(origin.getBytes(StandardCharsets.UTF_8));
  }
}
