package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.JournalBatch.Gap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReaderTest {
  private static final Lane LANE = new Lane(7);
  private static final String SUBJECT = Subjects.journal(LANE);

  @TempDir Path directory;

  /** A service whose effect is to remember positions, committed together with its cursor. */
  private static final class Service {
    final AtomicLong cursor = new AtomicLong();
    final List<Long> applied = new CopyOnWriteArrayList<>();
    final List<Gap> gaps = new CopyOnWriteArrayList<>();
    final AtomicInteger failures = new AtomicInteger();

    CompletionStage<Void> apply(JournalBatch batch) {
      if (failures.getAndDecrement() > 0) {
        return CompletableFuture.failedFuture(new IllegalStateException("planned"));
      }
      batch.gap().ifPresent(gaps::add);
      batch.rows().stream().map(PublishedRow::lanePosition).forEach(applied::add);
      cursor.set(batch.last());
      return CompletableFuture.completedFuture(null);
    }

    JournalReader read(Rig rig) {
      return JournalReader.read(
          rig.link,
          "service",
          LANE,
          lane -> CompletableFuture.completedFuture(cursor.get()),
          this::apply);
    }

    void awaitApplied(long from, long to) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(applied).containsExactlyElementsOf(range(from, to)));
    }
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static void publish(Rig rig, long from, long to) throws Exception {
    Rig.stored(rig.link.atomicBatches().publish(SUBJECT, Inputs.rows(LANE, from, to)));
  }

  @Test
  void rows_are_applied_in_order_and_acknowledged_once_committed() throws Exception {
    Service service = new Service();
    try (Rig rig = Rig.start(directory);
        JournalReader reader = service.read(rig)) {
      publish(rig, 1, 700);
      publish(rig, 701, 705);

      service.awaitApplied(1, 705);

      await()
          .untilAsserted(() ->
              assertThat(rig.streams.ackFloors(Subjects.JOURNAL_STREAM))
                  .containsEntry("service-lane-7", 705L));
      assertThat(service.gaps).isEmpty();
      assertThat(reader.position()).isEqualTo(705);
    }
  }

  @Test
  void a_row_that_no_message_holds_is_asked_of_its_owner_also_at_the_end_of_a_lane()
      throws Exception {
    Service service = new Service();
    List<Long> asked = new CopyOnWriteArrayList<>();
    JournalReader.Handler handler =
        new JournalReader.Handler() {
          @Override
          public CompletionStage<Void> apply(JournalBatch batch) {
            return service.apply(batch);
          }

          @Override
          public CompletionStage<Long> beyond(Lane lane, long position) {
            asked.add(position);
            long has = position == 2 ? 3 : position;
            service.cursor.set(has);
            return CompletableFuture.completedFuture(has);
          }
        };
    try (Rig rig = Rig.start(directory);
        JournalReader reader =
            JournalReader.read(
                rig.link,
                "service",
                LANE,
                lane -> CompletableFuture.completedFuture(service.cursor.get()),
                handler)) {
      await().until(() -> asked.equals(List.of(0L)));
      RowPublisher publisher = rig.link.rowPublisher();
      List<byte[]> rows = new ArrayList<>(Inputs.rows(LANE, 1, 2));
      rows.add(Inputs.hugeRow(LANE, 3));
      Rig.stored(publisher.publish(LANE, rows));
      await().until(() -> reader.position() == 3);
      Rig.stored(publisher.publish(LANE, Inputs.rows(LANE, 4, 5)));

      await().untilAsserted(() -> assertThat(service.applied).containsExactly(1L, 2L, 4L, 5L));
      assertThat(service.gaps).isEmpty();
      assertThat(asked).containsExactly(0L, 2L);
    }
  }

  @Test
  void rows_published_twice_are_applied_once() throws Exception {
    Service service = new Service();
    try (Rig rig = Rig.start(directory);
        JournalReader reader = service.read(rig)) {
      publish(rig, 1, 10);
      publish(rig, 5, 12);

      service.awaitApplied(1, 12);

      assertThat(service.gaps).isEmpty();
      assertThat(reader.state()).isEqualTo(new ReaderState.Reading());
    }
  }

  @Test
  void missing_rows_show_as_a_gap_in_front_of_the_next_ones() throws Exception {
    Service service = new Service();
    try (Rig rig = Rig.start(directory);
        JournalReader reader = service.read(rig)) {
      publish(rig, 1, 3);
      List<byte[]> withGap = new ArrayList<>(Inputs.rows(LANE, 4, 5));
      withGap.add("no row".getBytes(StandardCharsets.UTF_8));
      withGap.addAll(Inputs.rows(LANE, 7, 8));
      Rig.stored(rig.link.atomicBatches().publish(SUBJECT, withGap));

      await().untilAsserted(() -> assertThat(service.applied).contains(8L));

      assertThat(service.applied).containsExactly(1L, 2L, 3L, 4L, 5L, 7L, 8L);
      assertThat(service.gaps).containsExactly(new Gap(LANE, 5, 7));
      assertThat(reader.lane()).isEqualTo(LANE);
    }
  }

  @Test
  void rows_that_share_messages_are_applied_once_whatever_messages_they_share() throws Exception {
    Service service = new Service();
    try (Rig rig = Rig.start(directory);
        JournalReader reader = service.read(rig)) {
      RowPublisher publisher = rig.link.rowPublisher();
      Rig.stored(publisher.publish(LANE, Inputs.rows(LANE, 1, 10)));
      Rig.stored(publisher.publish(LANE, Inputs.rows(LANE, 5, 12)));
      Rig.stored(publisher.publish(LANE, Inputs.rows(LANE, 13, 1_200)));

      service.awaitApplied(1, 1_200);
      Rig.stored(publisher.publish(LANE, Inputs.rows(LANE, 1_203, 1_205)));

      await().untilAsserted(() -> assertThat(service.applied).contains(1_205L));
      assertThat(service.gaps).containsExactly(new Gap(LANE, 1_200, 1_203));
      await()
          .untilAsserted(() ->
              assertThat(rig.streams.ackFloors(Subjects.JOURNAL_STREAM))
                  .containsEntry(
                      "service-lane-7", rig.streams.usage(Subjects.JOURNAL_STREAM).lastSequence()));
      assertThat(reader.position()).isEqualTo(1_205);
    }
  }

  @Test
  void a_batch_that_failed_comes_again_and_nothing_overtakes_it() throws Exception {
    Service service = new Service();
    service.failures.set(2);
    try (Rig rig = Rig.start(directory);
        JournalReader reader = service.read(rig)) {
      publish(rig, 1, 5);
      publish(rig, 6, 9);

      service.awaitApplied(1, 9);

      assertThat(service.gaps).isEmpty();
      assertThat(reader.position()).isEqualTo(9);
    }
  }

  @Test
  void a_new_reader_goes_on_behind_the_cursor_even_when_the_one_before_died_unacknowledged()
      throws Exception {
    Service next = new Service();
    try (Rig rig = Rig.start(directory)) {
      publish(rig, 1, 4);
      CompletableFuture<Void> never = new CompletableFuture<>();
      List<JournalBatch> begun = new CopyOnWriteArrayList<>();
      JournalReader first =
          JournalReader.read(
              rig.link,
              "service",
              LANE,
              lane -> CompletableFuture.completedFuture(0L),
              batch -> {
                begun.add(batch);
                return never;
              });
      await().until(() -> !begun.isEmpty());
      first.close();

      try (JournalReader second = next.read(rig)) {
        publish(rig, 5, 6);
        next.awaitApplied(1, 6);
        assertThat(next.gaps).isEmpty();
        assertThat(second.position()).isEqualTo(6);
      }
    }
  }

  @Test
  void resumes_without_gap_or_repeat_when_the_server_is_killed_and_restarted() throws Exception {
    Service service = new Service();
    try (Rig rig = Rig.start(directory);
        JournalReader reader = service.read(rig)) {
      for (int round = 0; round < 3; round++) {
        publish(rig, 300 * round + 1, 300 * round + 300);
        rig.killAndRestart();
        Connected.await(rig.link);
      }
      publish(rig, 901, 905);

      service.awaitApplied(1, 905);

      assertThat(service.gaps).isEmpty();
      assertThat(reader.lane()).isEqualTo(LANE);
    }
  }

  @Test
  void what_the_stream_lacks_is_asked_for_when_it_has_nothing_to_give() throws Exception {
    Service service = new Service();
    AtomicInteger asked = new AtomicInteger();
    JournalReader.Handler handler =
        new JournalReader.Handler() {
          @Override
          public CompletionStage<Void> apply(JournalBatch batch) {
            return service.apply(batch);
          }

          @Override
          public CompletionStage<Long> beyond(Lane lane, long position) {
            if (asked.incrementAndGet() == 1) {
              return CompletableFuture.failedFuture(new IllegalStateException("planned"));
            }
            service.cursor.set(position + 5);
            return CompletableFuture.completedFuture(position + 5);
          }
        };
    try (Rig rig = Rig.start(directory);
        JournalReader reader =
            JournalReader.read(
                rig.link,
                "service",
                LANE,
                lane -> CompletableFuture.completedFuture(service.cursor.get()),
                handler)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> reader.position() == 5);

      publish(rig, 4, 7);

      service.awaitApplied(6, 7);
      assertThat(service.gaps).isEmpty();
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void what_the_stream_lacks_is_not_asked_for_while_it_gives_rows() throws Exception {
    Service service = new Service();
    AtomicInteger asked = new AtomicInteger();
    JournalReader.Handler handler =
        new JournalReader.Handler() {
          @Override
          public CompletionStage<Void> apply(JournalBatch batch) {
            return service.apply(batch);
          }

          @Override
          public CompletionStage<Long> beyond(Lane lane, long position) {
            asked.incrementAndGet();
            return CompletableFuture.completedFuture(position);
          }
        };
    try (Rig rig = Rig.start(directory)) {
      publish(rig, 1, 900);
      try (JournalReader reader =
          JournalReader.read(
              rig.link,
              "service",
              LANE,
              lane -> CompletableFuture.completedFuture(service.cursor.get()),
              handler)) {
        service.awaitApplied(1, 900);
        assertThat(reader.position()).isEqualTo(900);
      }
    }
    assertThat(asked).hasValue(0);
  }
}
