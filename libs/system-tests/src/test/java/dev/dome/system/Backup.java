package dev.dome.system;

import dev.dome.migrations.Database;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of everything that dome must not lose, taken from a running stack. PostgreSQL's is the
 * base backup that {@code pg_basebackup} makes, by the same functions of the server: the client
 * programs are not among the binaries of a local stack. Evidence is copied after the database, so
 * that no digest is in the copy without its content.
 */
final class Backup {
  /** What a base backup leaves out: the server's own makes anew, or the log that is copied last. */
  private static final List<String> LEFT_OUT =
      List.of("pg_wal", "postmaster.pid", "postmaster.opts");

  private final Path stack;
  private final Path copy;

  private Backup(Path stack, Path copy) {
    this.stack = stack;
    this.copy = copy;
  }

  /**
   * Takes it.
   *
   * @param stack the directory of the stack
   * @param copy a directory that is made
   */
  static Backup of(Path stack, Database admin, Path copy) throws IOException, SQLException {
    Backup backup = new Backup(stack, copy);
    backup.copyDatabase(admin);
    for (String part : List.of("evidence", "keys")) {
      copyTree(stack.resolve(part), copy.resolve(part), List.of());
    }
    return backup;
  }

  private void copyDatabase(Database admin) throws IOException, SQLException {
    Path to = copy.resolve("postgres");
    // One session from start to end, or the server ends the backup with it.
    try (Connection connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('dome', true)");
      copyTree(data(), to, LEFT_OUT);
      try (ResultSet label =
          statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        label.next();
        Files.writeString(to.resolve("backup_label"), label.getString(1));
      }
    }
    copyTree(data().resolve("pg_wal"), to.resolve("pg_wal"), List.of());
  }

  private Path data() {
    return stack.resolve("postgres/data");
  }

  /** Puts everything back in the place of what was lost; no process of the stack runs. */
  void restore() throws IOException {
    copyTree(copy.resolve("postgres"), data(), List.of());
    for (String part : List.of("evidence", "keys")) {
      copyTree(copy.resolve(part), stack.resolve(part), List.of());
    }
  }

  /** Loses what the stack holds: the database, the streams, the evidence and the keys. */
  void loseEverything() throws IOException {
    for (String part : List.of("postgres/data", "nats/jetstream", "evidence", "keys")) {
      deleteTree(stack.resolve(part));
    }
  }

  long bytes(String part) throws IOException {
    long bytes = 0;
    for (Path file : files(part)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  List<Path> files(String part) throws IOException {
    try (Stream<Path> all = Files.walk(copy.resolve(part))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** Files that go away meanwhile are no loss: the log that is replayed has what was in them. */
  private static void copyTree(Path from, Path to, List<String> leftOut) throws IOException {
    List<Path> paths = new ArrayList<>();
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            paths.add(folder);
            return isLeftOut(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!isLeftOut(file)) {
              paths.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
            if (gone instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw gone;
          }

          private boolean isLeftOut(Path path) {
            return from.equals(path.getParent()) && leftOut.contains(path.getFileName().toString());
          }
        });
    for (Path path : paths) {
      copy(path, to.resolve(from.relativize(path).toString()));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try {
      if (Files.isDirectory(from)) {
        Files.createDirectories(to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
      } else {
        Files.copy(from, to, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (NoSuchFileException gone) {
      if (Files.exists(from)) {
        throw gone;
      }
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
