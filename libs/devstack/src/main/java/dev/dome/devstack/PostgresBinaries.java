package dev.dome.devstack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL for this machine's system and processor, out of the jar that carries it. */
final class PostgresBinaries {
  private static final String VERSION = "18.6.0";

  private PostgresBinaries() {}

  /** The folder with bin, lib and share. */
  static Path unpacked(Cache cache) {
    return cache.directory("postgres-" + VERSION, PostgresBinaries::unpack);
  }

  private static void unpack(Path directory) {
    try (var archive = open();
        var tar = new TarArchiveInputStream(new XZInputStream(archive))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(directory, tar, entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(Path directory, InputStream tar, TarArchiveEntry entry)
      throws IOException {
    var target = directory.resolve(entry.getName()).normalize();
    if (!target.startsWith(directory)) {
      throw new DevstackException("the PostgreSQL archive names a path outside of itself");
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target);
    var mode = (entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x";
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(mode));
  }

  private static InputStream open() {
    var name = "/postgres-" + system() + "-" + processor() + ".txz";
    var archive = PostgresBinaries.class.getResourceAsStream(name);
    if (archive == null) {
      throw new DevstackException(
          "dome carries no PostgreSQL for this machine ("
              + name
              + "): name a running one in DOME_PG_URL");
    }
    return archive;
  }

  private static String system() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
        ? "darwin"
        : "linux";
  }

  private static String processor() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm_64";
      default -> "x86_64";
    };
  }
}
