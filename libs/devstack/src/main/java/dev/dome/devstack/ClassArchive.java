package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The archive of loaded classes of one service. Its name tells where the build output lies, and
 * which build and which JVM it was made from, because the JVM refuses one that was made from
 * others. Several checkouts may share the cache, so each looks after its own archives.
 *
 * @param file may not exist yet
 */
record ClassArchive(String serviceName, String place, Path file) {
  /** The flag of a JVM that leaves an archive when it has found none. */
  static final String LEAVE = "-XX:+AutoCreateSharedArchive";

  /** The flag that names the archive. */
  static final String USE = "-XX:SharedArchiveFile=";

  private static final int KEY_BYTES = 8;

  /** The archive of this service for the jar as it is now. */
  static ClassArchive of(String serviceName, Path jar, Cache cache) {
    var folder = PrivateFiles.directory(cache.root().resolve("classes"));
    var place = key(jar.toAbsolutePath().toString());
    return new ClassArchive(
        serviceName,
        place,
        folder.resolve(serviceName + "-" + place + "-" + key(build(jar)) + ".jsa"));
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** Whether the orderly end of a JVM that was started so leaves an archive: that takes seconds. */
  static boolean isLeftBy(List<String> command) {
    return command.contains(LEAVE)
        && command.stream()
            .filter(word -> word.startsWith(USE))
            .map(word -> Path.of(word.substring(USE.length())))
            .noneMatch(Files::exists);
  }

  private static String build(Path jar) {
    try {
      return String.join(
          "\n",
          Long.toString(Files.size(jar)),
          Files.getLastModifiedTime(jar).toString(),
          Runtime.version().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(String origin) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Deletes what earlier builds of the same service in the same place left; a JVM that has one open
   * keeps it.
   */
  void deleteOlder() {
    var ours =
        Pattern.compile(
            Pattern.quote(serviceName + "-" + place) + "-[0-9a-f]{" + 2 * KEY_BYTES + "}\\.jsa");
    try (Stream<Path> archives = Files.list(file.getParent())) {
      for (var archive : archives.toList()) {
        if (!archive.equals(file) && ours.matcher(archive.getFileName().toString()).matches()) {
          Files.deleteIfExists(archive);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
