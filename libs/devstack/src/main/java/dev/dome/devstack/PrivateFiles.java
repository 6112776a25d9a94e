package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;

/** Files and directories that only their owner may read: mode 600 and 700 from the first byte. */
final class PrivateFiles {
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private PrivateFiles() {}

  /** Makes the directory and its missing parents, each with mode 700. */
  static Path directory(Path path) {
    try {
      return Files.createDirectories(path, DIRECTORY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces the file in one step; a reader sees the old content or the new, never half. */
  static Path write(Path path, byte[] content) {
    try {
      directory(path.toAbsolutePath().getParent());
      var next = Files.createTempFile(path.toAbsolutePath().getParent(), ".next", "", FILE);
      Files.write(next, content);
      return Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the file unless there is one: of several writers at once the first one wins. */
  static void writeNew(Path path, byte[] content) {
    try {
      directory(path.toAbsolutePath().getParent());
      var next = Files.createTempFile(path.toAbsolutePath().getParent(), ".next", "", FILE);
      try {
        Files.write(next, content);
        Files.createLink(path, next);
      } catch (FileAlreadyExistsException e) {
        // Somebody was first, and what is there is complete.
      } finally {
        Files.delete(next);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The password in the file; a new one of 192 random bits when there is none. */
  static String password(Path file) {
    try {
      if (!Files.exists(file)) {
        var random = new byte[24];
        new SecureRandom().nextBytes(random);
        writeNew(file, HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII));
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An empty file to append to, or the one that is there. */
  static Path log(Path path) {
    try {
      directory(path.toAbsolutePath().getParent());
      return Files.exists(path) ? path : Files.createFile(path, FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the tree; symbolic links inside are removed, never followed. */
  static void deleteTree(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
