package dev.dome.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogStoreTest {
  @TempDir Path folder;

  @Test
  void aDirectoryIsTheLogThatWasGrownInIt() throws Exception {
    Path directory = folder.resolve("log");
    TreeHead before;
    try (FileLogStore log = FileLogStore.in(directory)) {
      log.grow(Growth.of(log.head(), log, Entries.of(0, 300)));
      before = log.head();
      log.grow(Growth.of(log.head(), log, Entries.of(300, 700)));
    }

    LogStore read = FileLogStore.in(directory);
    MemoryLog same = new MemoryLog();
    same.add(Entries.of(0, 700));
    assertThat(read.head()).isEqualTo(same.head());
    assertThat(LogCheck.whole(read, read.head())).isEmpty();
    assertThat(LogCheck.goesOnFrom(read, read.head(), before)).isEmpty();
    assertThat(directory.resolve("tile/0/001")).exists();
    assertThat(directory.resolve("tile/0/002.p/188")).exists();
    try (var parts = Files.list(directory.resolve("tile/0"))) {
      assertThat(parts.map(part -> part.getFileName().toString()))
          .containsExactlyInAnyOrder("000", "001", "001.p", "002.p");
    }
  }

  @Test
  void aLogHasOneSequencerAndGrowsFromItsEndOnly() throws Exception {
    try (FileLogStore log = FileLogStore.in(folder)) {
      Growth growth = Growth.of(TreeHead.EMPTY, log, Entries.of(0, 2));
      log.grow(growth);
      assertThatThrownBy(() -> log.grow(growth)).isInstanceOf(LogStore.StaleHeadException.class);
      FileLogStore second = FileLogStore.in(folder);
      Growth next = Growth.of(second.head(), second, Entries.of(2, 3));
      assertThatThrownBy(() -> second.grow(next))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another process");
    }
  }

  @Test
  void theCheckpointNeverGoesBack() throws Exception {
    CheckpointSigner signer = new CheckpointSigner("dome.test", TestKeys.ed25519(folder));
    try (FileLogStore log = FileLogStore.in(folder)) {
      log.grow(Growth.of(TreeHead.EMPTY, log, Entries.of(0, 2)));
      String two = new Checkpoint("dome.test", log.head()).signed(List.of(signer));
      log.publish(two);
      log.publish(new Checkpoint("dome.test", TreeHead.EMPTY).signed(List.of(signer)));

      assertThat(log.checkpoint()).contains(two);
      assertThat(Checkpoint.verified(two, List.of(signer.key())))
          .contains(new Checkpoint("dome.test", log.head()));
    }
  }
}
