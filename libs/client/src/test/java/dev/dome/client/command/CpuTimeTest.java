package dev.dome.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CpuTimeTest {
  @Test
  void timesAreCountedBehindAnyName() {
    String stat = "42 (a (b) 1 2) S 1 42 42 0 -1 4194304 1 2 3 4 150 50 25 25 20 0 1 0 100";

    assertThat(CpuTime.ofStat(stat)).isEqualTo(Duration.ofMillis(2_500));
  }
}
