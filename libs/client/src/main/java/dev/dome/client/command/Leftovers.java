package dev.dome.client.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Ends what a command left running and removes what it left behind. */
final class Leftovers {
  private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());
  private static final Path PROC = Path.of("/proc");
  private static final int ROUNDS = 20;

  private Leftovers() {}

  /**
   * Ends a process and everything it started. A process can start another one between a look and a
   * kill, so this looks again until nothing is left. Where there is a /proc, processes that left
   * the tree are found by the HOME they inherited, which is the attempt's own directory.
   */
  static void end(Process process, Path home) {
    for (int round = 0; round < ROUNDS; round++) {
      List<ProcessHandle> alive = alive(process, home);
      if (alive.isEmpty()) {
        return;
      }
      alive.forEach(ProcessHandle::destroyForcibly);
      alive.forEach(
          handle -> handle.onExit().orTimeout(1, TimeUnit.SECONDS).handle((p, e) -> p).join());
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "processes survive their command pid={0}",
        Long.toString(process.pid()));
  }

  private static List<ProcessHandle> alive(Process process, Path home) {
    List<ProcessHandle> alive = new ArrayList<>();
    Stream.concat(Stream.concat(Stream.of(process.toHandle()), process.descendants()), strays(home))
        .filter(ProcessHandle::isAlive)
        .distinct()
        .forEach(alive::add);
    return alive;
  }

  private static Stream<ProcessHandle> strays(Path home) {
    List<ProcessHandle> strays = new ArrayList<>();
    if (!Files.isDirectory(PROC.resolve("self"))) {
      return Stream.empty();
    }
    String entry = "\0HOME=" + home + "\0";
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path each : processes) {
        if (environmentOf(each).contains(entry)) {
          ProcessHandle.of(Long.parseLong(each.getFileName().toString())).ifPresent(strays::add);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the process list cannot be read", e);
    }
    return strays.stream();
  }

  /** The environment block between zero bytes; empty for a process that is gone or another's. */
  private static String environmentOf(Path process) {
    try {
      byte[] block = Files.readAllBytes(process.resolve("environ"));
      return "\0" + new String(block, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Removes a directory with everything in it; links are removed, not followed. */
  static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
