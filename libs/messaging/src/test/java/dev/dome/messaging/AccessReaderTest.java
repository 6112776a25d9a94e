package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.AccessReader.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessReaderTest {
  private static final long ONE_MIB = 1 << 20;

  @TempDir Path directory;

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicReference<Position> committed = new AtomicReference<>(Position.START);
  private final AtomicLong missed = new AtomicLong();

  private static AccessBatch batch(String id, String subject) {
    return new AccessBatch(
        id,
        "ingest",
        List.of(
            new AccessDecision(
                1,
                AccessDecision.Effect.ALLOW,
                subject,
                null,
                "SUBMIT_RUN",
                new NamespaceId("ours"),
                null,
                null,
                null,
                1,
                null)));
  }

  private static void publish(Rig rig, int from, int to) throws Exception {
    AccessPublisher publisher = rig.link.accessPublisher();
    for (int i = from; i <= to; i++) {
      Rig.stored(publisher.publish(batch("batch-" + i, "s" + i)));
    }
  }

  private AccessReader reader(Rig rig) {
    return AccessReader.read(
        rig.link,
        "test",
        () -> CompletableFuture.completedStage(committed.get()),
        this::commit,
        missed::addAndGet);
  }

  private CompletionStage<Void> commit(AccessReader.Batch batch) {
    assertThat(batch.after()).isEqualTo(committed.get());
    batch.deliveries().forEach(d -> seen.add(d.batch().decisions().getFirst().subject()));
    committed.set(batch.last());
    return CompletableFuture.completedStage(null);
  }

  private void awaitSeen(List<String> subjects) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(seen).containsExactlyElementsOf(subjects));
  }

  private static List<String> subjects(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> "s" + i).toList();
  }

  @Test
  void batches_come_in_order_once_and_again_from_the_committed_position() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      rig.streams.ensureAccess(ONE_MIB, 1);
      publish(rig, 1, 3);
      publish(rig, 2, 3);
      try (AccessReader first = reader(rig)) {
        awaitSeen(subjects(1, 3));
        rig.killAndRestart();
        Connected.await(rig.link);
        publish(rig, 4, 5);
        awaitSeen(subjects(1, 5));
        assertThat(first.pending()).isZero();
      }

      publish(rig, 6, 6);
      try (AccessReader second = reader(rig)) {
        awaitSeen(subjects(1, 6));
        assertThat(second.state()).isEqualTo(new ReaderState.Reading());
      }
      assertThat(missed).hasValue(0);
    }
  }

  @Test
  void a_batch_that_was_not_committed_comes_again() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      rig.streams.ensureAccess(ONE_MIB, 1);
      publish(rig, 1, 2);
      AtomicInteger failures = new AtomicInteger(2);
      AccessReader.Handler failing =
          batch ->
              failures.getAndDecrement() > 0
                  ? CompletableFuture.failedStage(new IllegalStateException("no database"))
                  : commit(batch);
      try (AccessReader reader =
          AccessReader.read(
              rig.link,
              "test",
              () -> CompletableFuture.completedStage(committed.get()),
              failing,
              missed::addAndGet)) {
        awaitSeen(subjects(1, 2));
        assertThat(reader.pending()).isZero();
      }
    }
  }

  @Test
  void a_full_stream_drops_the_oldest_and_the_reader_says_how_many() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      rig.streams.ensureAccess(2_000, 1);
      publish(rig, 1, 50);
      long kept = rig.streams.usage(Subjects.ACCESS_STREAM).messages();
      assertThat(kept).isBetween(1L, 49L);

      try (AccessReader reader = reader(rig)) {
        awaitSeen(subjects((int) (51 - kept), 50));
        assertThat(missed).hasValue(50 - kept);
        assertThat(reader.pending()).isZero();
      }
    }
  }

  @Test
  void a_stream_made_anew_is_read_from_its_beginning() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      rig.streams.ensureAccess(ONE_MIB, 1);
      publish(rig, 1, 2);
      committed.set(new Position("an earlier making", 700));

      try (AccessReader reader = reader(rig)) {
        awaitSeen(subjects(1, 2));
        assertThat(reader.state()).isEqualTo(new ReaderState.Reading());
      }
    }
  }
}
