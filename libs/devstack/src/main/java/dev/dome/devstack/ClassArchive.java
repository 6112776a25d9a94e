package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The archive of loaded classes of one process. Its name tells which build output and which JVM it
 * was made from, because the JVM refuses one that was made from others.
 *
 * @param file may not exist yet
 */
record ClassArchive(String processName, Path file) {
  private static final int KEY_BYTES = 8;

  /** The archive of this process for the jar as it is now. */
  static ClassArchive of(String processName, Path jar, Cache cache) {
    var folder = PrivateFiles.directory(cache.root().resolve("classes"));
    return new ClassArchive(
        processName, folder.resolve(processName + "-" + key(jar.toAbsolutePath()) + ".jsa"));
  }

  private static String key(Path jar) {
    try {
      var origin =
          String.join(
              "\n",
              jar.toString(),
              Long.toString(Files.size(jar)),
              Files.getLastModifiedTime(jar).toString(),
              Runtime.version().toString());
      var digest =
          MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Deletes what earlier builds of the same process left; a JVM that has one open keeps it. */
  void deleteOlder() {
    var ours =
        Pattern.compile(Pattern.quote(processName) + "-[0-9a-f]{" + 2 * KEY_BYTES + "}\\.jsa");
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
