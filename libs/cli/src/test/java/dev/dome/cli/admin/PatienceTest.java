package dev.dome.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
  @Test
  void endsWhenNothingComesAndGoesOnWhenSomethingDoes() {
    Patience patience = new Patience(Duration.ofMillis(500));

    assertThat(patience.waits()).isTrue();
    patience.came();
    assertThat(patience.waits()).isTrue();
    assertThat(patience.waits()).isTrue();
    assertThat(patience.waits()).isFalse();
  }
}
