package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.cli.run.ServerOption;
import dev.dome.cli.security.HttpFuzz;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Services keep their promises for whatever comes by HTTP: twenty seconds of it in a usual run,
 * {@code -Ddome.fuzz.seconds} and {@code -Ddome.fuzz.seed} for more. A request that was found
 * stands in libs/cli/src/test/resources/fuzz/http.txt, one a line, and is sent in every run.
 */
@ExtendWith(Suite.class)
class HttpFuzzTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final long SEED = Long.getLong("dome.fuzz.seed", 20261127);
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("dome.fuzz.seconds", 20));
  private static final List<String> ROLES =
      List.of("submitter", "worker", "approver", "operator", "auditor");

  private final Running suite;
  private final String namespace = Documents.freshId("fuzz");
  private final String token;
  private final Map<String, Long> written = new HashMap<>();

  HttpFuzzTest(Running suite) {
    this.suite = suite;
    Map<String, List<String>> roles =
        Map.of(namespace, ROLES, ServerOption.SYSTEM_NAMESPACE, List.of("auditor"));
    this.token = suite.stack().issuer().mint("mallory", roles, Duration.ofHours(3));
  }

  @BeforeEach
  void markLogs() throws IOException {
    for (ServiceProcess service : suite.stack().services()) {
      written.put(service.name(), Files.size(service.log()));
    }
  }

  @Test
  void noServiceFailsOrTellsOfItsInsideWhateverComes(TestReporter reporter) throws IOException {
    HttpFuzz.Report report = HttpFuzz.run(suite.stack(), ROOT, namespace, token, SEED, TIME);

    reporter.publishEntry("requests", report.sent() + " of seed " + SEED + " " + report.answers());
    assertThat(report.findings()).as("seed %d", SEED).isEmpty();
    // It comes through to what answers: not all is refused at the door.
    assertThat(report.answers()).containsKeys(200, 400, 401, 404, 422);
    assertNoErrorsAreLogged();
  }

  @Test
  void whatWasFoundOnceHoldsNow() throws IOException {
    Path found = ROOT.resolve("libs/cli/src/test/resources/fuzz/http.txt");
    List<String> lines = Files.readAllLines(found);
    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      assertThat(HttpFuzz.again(suite.stack(), token, line)).as(line).isEmpty();
    }
    assertNoErrorsAreLogged();
  }

  private void assertNoErrorsAreLogged() throws IOException {
    for (ServiceProcess service : suite.stack().services()) {
      byte[] log = Files.readAllBytes(service.log());
      int from = Math.toIntExact(written.get(service.name()));
      String fresh = new String(log, from, log.length - from, StandardCharsets.UTF_8);
      assertThat(fresh.lines().filter(line -> line.contains("\"level\":\"ERROR\"")))
          .as("%s, seed %d", service.name(), SEED)
          .isEmpty();
    }
  }
}
