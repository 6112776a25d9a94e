package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.contracts.wire.Subjects;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamBoundTest {
  @TempDir Path directory;

  @Test
  void whole_batches_are_counted_and_nothing_is_left_behind() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      double perSecond = StreamBound.messagesPerSecond(rig.link, 1024, Duration.ofMillis(100));

      double singly = StreamBound.publishesPerSecond(rig.link, 1024, 16, Duration.ofMillis(100));

      assertThat(perSecond).isPositive();
      assertThat(singly).isPositive();
      assertThat(rig.streams.usage(Subjects.JOURNAL_STREAM).messages()).isZero();
      assertThatThrownBy(() -> rig.streams.usage("DOME_BOUND"))
          .isInstanceOf(StreamRefusedException.class);
    }
  }
}
