package dev.dome.devstack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Binaries that were fetched or unpacked once. Several JVMs may ask for the same entry: one makes
 * it, the others wait.
 */
public final class Cache {
  private final Path root;

  public Cache(Path root) {
    this.root = PrivateFiles.directory(root.toAbsolutePath());
  }

  /** {@code $DOME_CACHE}, or {@code .dome/cache} of the repository this runs in. */
  public static Cache ofThisMachine() {
    var configured = Optional.ofNullable(System.getenv("DOME_CACHE")).filter(c -> !c.isBlank());
    return new Cache(
        configured.map(Path::of).orElseGet(() -> RepoRoot.find().resolve(".dome/cache")));
  }

  Path root() {
    return root;
  }

  /**
   * The directory of the entry. When it is absent, {@code make} fills an empty directory, which
   * becomes the entry only if nothing was thrown.
   */
  Path directory(String entry, Consumer<Path> make) {
    var target = root.resolve(entry);
    if (Files.isDirectory(target)) {
      return target;
    }
    try (var lock =
        FileChannel.open(
            root.resolve(entry + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      synchronized (Cache.class) {
        try (var held = lock.lock()) {
          if (!Files.isDirectory(target) && held.isValid()) {
            fill(target, make);
          }
        }
      }
      return target;
    } catch (IOException e) {
      throw new DevstackException(
          "cannot write to " + root + ": name another folder in DOME_CACHE", e);
    }
  }

  private void fill(Path target, Consumer<Path> make) throws IOException {
    var unfinished = root.resolve(target.getFileName() + ".part");
    PrivateFiles.deleteTree(unfinished);
    PrivateFiles.directory(unfinished);
    make.accept(unfinished);
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
