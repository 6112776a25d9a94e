package dev.dome.ingest.adapter.evidence;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Where content waits until it is checked: a directory for each process, locked by it. The system
 * drops the lock of a process that ends in whatever way, and then the next one to start removes its
 * directory.
 */
final class Staging implements Closeable {
  private static final Logger LOG = Logger.getLogger(Staging.class);
  private static final String LOCK = "lock";
  private static final Object IN_THIS_PROCESS = new Object();

  private final Path own;
  private final FileChannel lock;
  private final AtomicLong next = new AtomicLong();

  private Staging(Path own, FileChannel lock) {
    this.own = own;
    this.lock = lock;
  }

  /** A place of this process below the root; those of processes that are gone are removed. */
  static Staging in(Path root) throws IOException {
    Path all = root.resolve("staging");
    Durable.directories(all);
    // Between making a directory and locking it, another process must not look.
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel turn = channel(all.resolve(".turn"));
          FileLock held = turn.lock()) {
        sweep(all);
        Path own = all.resolve(UUID.randomUUID().toString());
        Durable.directories(own);
        FileChannel lock = channel(own.resolve(LOCK));
        if (!held.isValid() || lock.tryLock() == null) {
          throw new IOException("a new staging directory is locked by another process");
        }
        return new Staging(own, lock);
      }
    }
  }

  /** A new directory for one content. */
  Path fresh() throws IOException {
    Path directory = own.resolve(Long.toString(next.incrementAndGet()));
    Durable.directories(directory);
    return directory;
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void sweep(Path all) throws IOException {
    try (Stream<Path> entries = Files.list(all)) {
      for (Path entry : entries.filter(Files::isDirectory).toList()) {
        if (isAbandoned(entry)) {
          delete(entry);
          LOG.infof("removed what an ended process had staged directory=%s", entry.getFileName());
        }
      }
    }
  }

  private static boolean isAbandoned(Path directory) throws IOException {
    try (FileChannel lock = channel(directory.resolve(LOCK));
        FileLock held = lock.tryLock()) {
      return held != null;
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
      return false;
    }
  }

  /** Removes a directory with everything in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> below = Files.walk(directory)) {
      List<Path> deepestFirst = below.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException | UncheckedIOException e) {
      if (Files.exists(directory)) {
        throw new IOException("staged content cannot be removed", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
    delete(own);
  }
}
