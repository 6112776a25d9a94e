package dev.dome.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.verification.invariant.PlantedSecrets;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckingTest {
  @Test
  void whatIsLeftIsToldFromWhatWasDone() {
    assertThat(Checking.sentence(250, 1_000, Duration.ofSeconds(60)))
        .isEqualTo("250 of 1000 runs checked, about 3 min 0 s left");
    assertThat(Checking.sentence(7, 7, Duration.ofSeconds(60))).isEqualTo("7 of 7 runs checked");
  }

  @Test
  void onlyTheEndIsToldOfAShortCheckAndNothingToPrograms() {
    StringWriter people = new StringWriter();
    StringWriter programs = new StringWriter();
    Checking aloud = new Checking(new PrintWriter(people), true);
    Checking silent = new Checking(new PrintWriter(programs), false);
    for (long done = 1; done <= 3; done++) {
      aloud.accept(done, 3L);
      silent.accept(done, 3L);
    }
    assertThat(people.toString().lines()).containsExactly("3 of 3 runs checked");
    assertThat(programs.toString()).isEmpty();
  }

  @Test
  void aSecretInContentThatComesByteByByteIsFound() {
    SecretScan.SearchingStream content =
        new SecretScan.SearchingStream(new PlantedSecrets(List.of("planted-secret")));
    for (byte each : "before planted-secret".getBytes(StandardCharsets.UTF_8)) {
      content.write(each);
    }
    assertThat(content.found()).containsExactly(1);
  }
}
