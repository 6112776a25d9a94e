package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRows;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.Publication.Cause;
import dev.dome.messaging.Publication.Failed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowPublisherTest {
  private static final Lane LANE = new Lane(2);

  @TempDir Path directory;

  @Test
  void rows_share_messages_as_far_as_the_size_allows() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      RowPublisher publisher = rig.link.rowPublisher();
      int rowBytes = Inputs.row(LANE, 1).length;
      int perMessage = RowPublisher.MAX_BYTES / rowBytes;

      assertThat(Rig.stored(publisher.publish(LANE, Inputs.rows(LANE, 1, 20)))).isEqualTo(1);
      assertThat(Rig.stored(publisher.publish(LANE, Inputs.rows(LANE, 21, 20 + 2L * perMessage))))
          .isEqualTo(4);

      assertThat(rig.streams.usage(Subjects.JOURNAL_STREAM).messages()).isEqualTo(4);
    }
  }

  @Test
  void what_does_not_fit_is_refused_behind_a_stored_prefix() throws Exception {
    try (Rig rig = Rig.start(directory, new StreamsConfig(1 << 20, 700 << 10, 1))) {
      Publication publication =
          Rig.get(rig.link.rowPublisher().publish(LANE, Inputs.rows(LANE, 1, 5_000)));

      assertThat(publication)
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.STREAM_FULL));
      assertThat(rig.streams.usage(Subjects.JOURNAL_STREAM).messages()).isEqualTo(1);
    }
  }

  @Test
  void a_row_that_no_message_holds_keeps_its_place_and_the_lane_goes_on() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      RowPublisher publisher = rig.link.rowPublisher();
      byte[] huge = Inputs.hugeRow(LANE, 2);
      assertThat(publisher.tooLarge(huge)).isTrue();
      assertThat(publisher.tooLarge(Inputs.row(LANE, 1))).isFalse();

      List<byte[]> rows = List.of(Inputs.row(LANE, 1), huge, Inputs.row(LANE, 3));
      assertThat(Rig.stored(publisher.publish(LANE, rows))).isEqualTo(3);
      assertThat(Rig.stored(publisher.publish(LANE, List.of(huge)))).isEqualTo(4);

      List<Integer> rowsOfMessages = new ArrayList<>();
      new StreamContent(rig.link)
          .read(
              Subjects.JOURNAL_STREAM,
              (sequence, subject, headers, body) ->
                  rowsOfMessages.add(Json.read(body, PublishedRows.class).rows().size()));
      assertThat(rowsOfMessages).containsExactly(1, 0, 1, 0);
    }
  }

  @Test
  void without_a_server_publishing_fails_and_can_be_repeated() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      RowPublisher publisher = rig.link.rowPublisher();
      rig.server.kill();
      Awaitility.await().until(() -> !rig.link.connected());

      Publication publication = Rig.get(publisher.publish(LANE, Inputs.rows(LANE, 1, 3)));
      assertThat(publication)
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.UNAVAILABLE));

      rig.server.restart();
      Connected.await(rig.link);
      assertThat(Rig.stored(publisher.publish(LANE, Inputs.rows(LANE, 1, 3)))).isEqualTo(1);
    }
  }

  @Test
  void no_rows_are_no_message() {
    try (Rig rig = Rig.start(directory)) {
      assertThatThrownBy(() -> rig.link.rowPublisher().publish(LANE, List.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
