package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./dome chaos} itself, on its own stack: what must hold is held, and what is asked of it in
 * vain is said. No owner of a lane can be replaced within a second, because its term is five.
 */
class ChaosTest {
  private static final int FAILED = 1;

  @TempDir Path directory;

  @Test
  void twoFaultsAndASoakLoseNothingAndALateTakeoverIsAViolation() throws Exception {
    Path file = directory.resolve("report.json");

    Dome.Ended ended =
        Dome.run(
            directory,
            Map.of(),
            "chaos",
            "--only",
            "stop-controller,nats-half-open",
            "--soak=0.15",
            "--takeover-seconds=1",
            "--recovery-seconds=80",
            "--report",
            file.toString());

    assertThat(file).as(ended.output()).exists();
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(FAILED);
    JsonNode report = Json.read(Files.readAllBytes(file), JsonNode.class);
    assertThat(report.path("violations")).as(ended.output()).hasSize(1);
    assertThat(report.at("/violations/0").asText())
        .startsWith("stop-controller-001: takeover took");
    assertThat(report.at("/faults/0/result").asText()).isEqualTo("VIOLATED");
    assertThat(report.at("/faults/1/result").asText()).isEqualTo("HELD");
    assertThat(report.at("/totals/accepted").asLong()).isGreaterThan(50);
    assertThat(report.at("/totals/requests/ok").asLong()).isGreaterThan(200);
    for (String none : new String[] {"lost", "doubled", "stale_writes"}) {
      assertThat(report.at("/totals/" + none).asLong(-1)).as(none).isZero();
    }
    assertThat(report.path("invariants")).hasSize(16);
    assertThat(report.at("/soak/growths")).hasSizeGreaterThan(30);
    assertThat(StreamSupport.stream(report.path("faults").spliterator(), false))
        .allMatch(fault -> fault.path("accepted").asLong() > 0);
  }
}
