package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.Publication.Cause;
import dev.dome.messaging.Publication.Failed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicBatchPublisherTest {
  private static final Lane LANE = new Lane(2);
  private static final String SUBJECT = Subjects.journal(LANE);

  @TempDir Path directory;

  @Test
  void a_batch_of_the_largest_size_and_a_batch_of_one_are_stored_in_order() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      AtomicBatchPublisher batches = rig.link.atomicBatches();

      assertThat(Rig.stored(batches.publish(SUBJECT, Inputs.rows(LANE, 1, 1000)))).isEqualTo(1000);
      assertThat(Rig.stored(batches.publish(SUBJECT, Inputs.rows(LANE, 1001, 1001))))
          .isEqualTo(1001);

      assertThat(rig.streams.usage(Subjects.JOURNAL_STREAM).messages()).isEqualTo(1001);
    }
  }

  @Test
  void a_batch_that_does_not_fit_leaves_nothing_behind() throws Exception {
    try (Rig rig = Rig.start(directory, new StreamsConfig(1 << 20, 100 << 10, 1))) {
      AtomicBatchPublisher batches = rig.link.atomicBatches();
      Rig.stored(batches.publish(SUBJECT, Inputs.rows(LANE, 1, 10)));
      List<byte[]> tooMuch = new ArrayList<>(Collections.nCopies(300, new byte[1024]));

      Publication publication = Rig.get(batches.publish(SUBJECT, tooMuch));

      assertThat(publication)
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.STREAM_FULL));
      assertThat(rig.streams.usage(Subjects.JOURNAL_STREAM).messages()).isEqualTo(10);
    }
  }

  @Test
  void when_the_server_is_killed_under_a_batch_the_stream_has_all_of_it_or_nothing()
      throws Exception {
    LinkBudget impatient = LinkBudget.DEFAULT.withPublishing(1_000, 100, 1_500);
    try (Rig rig = Rig.start(directory, StreamsConfig.DEFAULT, impatient)) {
      AtomicBatchPublisher batches = rig.link.atomicBatches();
      for (int round = 0; round < 5; round++) {
        var publication = batches.publish(SUBJECT, Inputs.rows(LANE, 1, 1000));
        rig.killAndRestart();
        Rig.get(publication);
        Connected.await(rig.link);

        assertThat(rig.streams.usage(Subjects.JOURNAL_STREAM).messages() % 1000).isZero();
      }
    }
  }

  @Test
  void without_a_server_a_batch_fails_and_can_be_repeated() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      AtomicBatchPublisher batches = rig.link.atomicBatches();
      rig.server.kill();
      Awaitility.await().until(() -> !rig.link.connected());

      Publication publication = Rig.get(batches.publish(SUBJECT, Inputs.rows(LANE, 1, 3)));
      assertThat(publication)
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.UNAVAILABLE));

      rig.server.restart();
      Connected.await(rig.link);
      assertThat(Rig.stored(batches.publish(SUBJECT, Inputs.rows(LANE, 1, 3)))).isEqualTo(3);
    }
  }

  @Test
  void a_second_batch_of_a_subject_must_wait_for_the_first_and_other_subjects_need_not()
      throws Exception {
    try (Rig rig = Rig.start(directory)) {
      AtomicBatchPublisher batches = rig.link.atomicBatches();
      rig.server.pause();
      var first = batches.publish(SUBJECT, Inputs.rows(LANE, 1, 2));
      var other = batches.publish(Subjects.journal(new Lane(3)), Inputs.rows(new Lane(3), 1, 2));

      assertThatThrownBy(() -> batches.publish(SUBJECT, Inputs.rows(LANE, 3, 4)))
          .isInstanceOf(IllegalStateException.class);

      rig.server.resume();
      Rig.stored(first);
      Rig.stored(other);
    }
  }

  @Test
  void empty_and_oversized_batches_are_refused() {
    try (Rig rig = Rig.start(directory)) {
      AtomicBatchPublisher batches = rig.link.atomicBatches();

      assertThatThrownBy(() -> batches.publish(SUBJECT, List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> batches.publish(SUBJECT, Collections.nCopies(1001, new byte[] {'x'})))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
