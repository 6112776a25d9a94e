package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void endsWhenNothingComesAndGoesOnWhenSomethingDoes() {
    Patience patience = new Patience(Duration.ofMinutes(1), Duration.ofMillis(500), lines::add);

    assertThat(patience.await("it")).isTrue();
    patience.came();
    assertThat(patience.await("it")).isTrue();
    assertThat(patience.await("it")).isTrue();
    assertThat(patience.await("it")).isFalse();
    assertThat(lines).containsExactly("waiting for it (0 of 60 s)");
  }

  @Test
  void endsAtTheLimitThoughSomethingStillComes() {
    Patience patience = Patience.whileSomethingComes(Duration.ofMillis(750), lines::add);

    int waits = 0;
    while (waits < 100 && patience.await("one that never gets there")) {
      waits++;
      patience.came();
    }

    assertThat(waits).isEqualTo(3);
  }

  @Test
  void withoutTimeNothingIsWaitedFor() {
    assertThat(Patience.upTo(Duration.ZERO, lines::add).await("it")).isFalse();
    assertThat(lines).isEmpty();
  }
}
