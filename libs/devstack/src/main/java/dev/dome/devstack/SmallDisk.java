package dev.dome.devstack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A disk of few bytes, in memory, in the place of a directory whose user is stopped meanwhile. It
 * takes the right to mount file systems, which most users of most machines do not have.
 */
public final class SmallDisk implements AutoCloseable {
  private static final int PIECE_BYTES = 64 << 10;

  private final Path directory;

  /** What came of asking for one. */
  public sealed interface Tried {
    /** It is there, with the directory's content; the caller closes it. */
    record Mounted(SmallDisk disk) implements Tried {}

    /** The system does not allow it, in its own words. */
    record Refused(String why) implements Tried {}
  }

  /** Of a process that ends, by Ctrl-C for example, before it has closed its disk. */
  private final Thread unmountAtExit;

  private SmallDisk(Path directory) {
    this.directory = directory;
    this.unmountAtExit =
        new Thread(() -> Executables.run(List.of("umount", "-l", directory.toString())));
  }

  /**
   * Puts one in the place of the directory.
   *
   * @param megabytes more than the content has
   */
  public static Tried over(Path directory, int megabytes) {
    var mounted =
        Executables.run(
            List.of(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "mode=700,size=" + megabytes + "m",
                "tmpfs",
                emptied(directory).toString()));
    var disk = new SmallDisk(directory);
    if (mounted.exitCode() != 0) {
      disk.refill();
      return new Tried.Refused(mounted.output());
    }
    Runtime.getRuntime().addShutdownHook(disk.unmountAtExit);
    disk.refill();
    return new Tried.Mounted(disk);
  }

  private static Path aside(Path directory) {
    return directory.resolveSibling(directory.getFileName() + ".aside");
  }

  private static Path emptied(Path directory) {
    try {
      Files.move(directory, aside(directory));
      PrivateFiles.directory(directory);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void refill() {
    copy(aside(directory), directory);
    PrivateFiles.deleteTree(aside(directory));
  }

  private static void copy(Path from, Path to) {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var copied = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copied);
        } else {
          Files.copy(file, copied, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path ballast() {
    return directory.resolve("ballast");
  }

  /** Leaves no byte free. */
  public void fill() {
    try (OutputStream ballast = Files.newOutputStream(ballast())) {
      var piece = new byte[PIECE_BYTES];
      while (true) {
        ballast.write(piece);
      }
    } catch (FileSystemException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      if (directory.toFile().getUsableSpace() >= PIECE_BYTES) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Gives back what {@link #fill()} took. */
  public void free() {
    try {
      Files.deleteIfExists(ballast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the directory back where it was, with the disk's content. */
  @Override
  public void close() {
    free();
    copy(directory, aside(directory));
    var unmounted = Executables.run(List.of("umount", directory.toString()));
    if (unmounted.exitCode() != 0) {
      throw new DevstackException("umount " + directory + ": " + unmounted.output());
    }
    Runtime.getRuntime().removeShutdownHook(unmountAtExit);
    refill();
  }
}
