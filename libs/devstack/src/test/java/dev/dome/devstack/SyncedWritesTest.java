package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces as strace writes them. */
class SyncedWritesTest {
  private static final String WRITE =
      "7 100.000000 pwrite64(9</d/msgs/1.blk>, \"\\1\\0run-1\", 8, 0) = 8 <0.000050>\n";

  @TempDir Path directory;

  private SyncedWrites read(String trace) throws IOException {
    return SyncedWrites.read(Files.writeString(directory.resolve("trace"), trace));
  }

  @Test
  void aWriteIsOnDiskWhenTheNextSyncOfItsFileEnds() throws IOException {
    SyncedWrites trace = read(WRITE + "7 100.001000 fsync(9</d/msgs/1.blk>) = 0 <0.004000>\n");

    assertThat(trace.syncedAt("run-1", "/msgs/")).hasValueCloseTo(100.005, within(1e-6));
    assertThat(trace.syncedAt("run-2", "/msgs/")).isEmpty();
    assertThat(trace.syncedAt("run-1", "/wal/")).isEmpty();
  }

  @Test
  void aSyncThatBeganBeforeTheWriteEndedDoesNotCount() throws IOException {
    SyncedWrites trace =
        read(
            "8 99.999000 fsync(9</d/msgs/1.blk> <unfinished ...>\n"
                + WRITE
                + "8 100.002000 <... fsync resumed>) = 0 <0.003000>\n");

    assertThat(trace.syncedAt("run-1", "/msgs/")).isEmpty();
  }

  @Test
  void aSyncOfAnotherThreadThatWasSplitCountsFromItsBeginning() throws IOException {
    SyncedWrites trace =
        read(
            WRITE
                + "8 100.001000 fdatasync(4</d/msgs/1.blk> <unfinished ...>\n"
                + "7 100.001500 write(5<anon_inode:[eventfd]>, \"\\1\", 8) = 8 <0.000010>\n"
                + "8 100.002000 <... fdatasync resumed>) = 0 <0.001000>\n");

    assertThat(trace.syncedAt("run-1", "/msgs/")).hasValueCloseTo(100.002, within(1e-6));
  }

  @Test
  void aSyncOfAnotherFileAndOneThatFailedDoNotCount() throws IOException {
    SyncedWrites trace =
        read(
            WRITE
                + "7 100.001000 fsync(3</d/msgs/2.blk>) = 0 <0.001000>\n"
                + "7 100.003000 fsync(9</d/msgs/1.blk>) = -1 EIO (Input/output error) <0.001000>\n");

    assertThat(trace.syncedAt("run-1", "/msgs/")).isEmpty();
  }
}
