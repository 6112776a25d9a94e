package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** Keeps a second stack from being started in a directory where one is being started. */
final class StartLock {
  private StartLock() {}

  /**
   * Does the work under the directory's lock, which ends with this process at the latest.
   *
   * @throws DevstackException at once, when somebody else holds the lock
   */
  static <T> T during(Path directory, Supplier<T> work) {
    var file = PrivateFiles.log(directory.resolve("start.lock"));
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (isTaken(channel)) {
        throw new DevstackException(
            "dome is being started in " + directory + " right now; wait for it: ./dome status");
      }
      return work.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the lock if it is free; it belongs to the channel and ends with it. */
  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      // Another thread of this JVM holds it.
      return true;
    }
  }
}
