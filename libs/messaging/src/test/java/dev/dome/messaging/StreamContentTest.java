package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamContentTest {
  private static final int MESSAGES = 450;

  @TempDir Path directory;

  @Test
  void everyMessageIsReadOnceInOrderAndAnEmptyStreamHasNone() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      for (int i = 1; i <= MESSAGES; i++) {
        Lane lane = new Lane(i % 16);
        Rig.stored(rig.link.rowPublisher().publish(lane, Inputs.rows(lane, i, i)));
      }
      rig.streams.purgeUpTo(Subjects.JOURNAL_STREAM, Subjects.journal(new Lane(1)), 17);
      List<Long> sequences = new ArrayList<>();

      StreamContent content = new StreamContent(rig.link);
      long read =
          content.read(
              Subjects.JOURNAL_STREAM,
              (sequence, subject, headers, body) -> {
                assertThat(subject).startsWith("dome.journal.");
                assertThat(body).isNotEmpty();
                sequences.add(sequence);
              });

      assertThat(read).isEqualTo(MESSAGES - 2);
      assertThat(sequences).isSorted().doesNotHaveDuplicates().hasSize(MESSAGES - 2);
      assertThat(content.read(Subjects.INBOX_STREAM, (sequence, subject, headers, body) -> {}))
          .isZero();
      assertThatThrownBy(() -> content.read("NONE", (sequence, subject, headers, body) -> {}))
          .isInstanceOf(StreamRefusedException.class);
    }
  }
}
