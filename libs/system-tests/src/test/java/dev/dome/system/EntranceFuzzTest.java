package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.cli.security.HttpFuzz;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * No service fails for whatever comes by HTTP. Ten seconds in a usual run; {@code
 * -Ddome.fuzz.seconds} and {@code -Ddome.fuzz.seed} for more. What was found stands in
 * src/test/resources/fuzz/requests.txt: a service and a request in hexadecimal on each line.
 */
@ExtendWith(Suite.class)
class EntranceFuzzTest {
  private static final long SEED = Long.getLong("dome.fuzz.seed", 20261126);
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("dome.fuzz.seconds", 10));
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final List<String> ROLES =
      List.of("submitter", "worker", "approver", "operator", "auditor");

  private final Running suite;

  EntranceFuzzTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void noServiceFailsForWhateverComes(TestReporter reporter) throws IOException {
    String namespace = Documents.freshId("fuzz");
    String token =
        suite.stack().issuer().mint("mallory", Map.of(namespace, ROLES), Duration.ofHours(1));

    HttpFuzz.Report report = HttpFuzz.run(suite.stack(), ROOT, namespace, token, SEED, TIME);

    reporter.publishEntry(
        "requests", report.sent() + " of seed " + SEED + ", answered " + report.answered());
    assertThat(report.findings()).as("seed %d", SEED).isEmpty();
    assertThat(report.answered()).isGreaterThan(report.sent() / 2);
    suite.stack().services().forEach(ServiceProcess::awaitReady);
  }

  @Test
  void whatWasFoundOnceIsAnsweredNow() throws IOException {
    List<String> found =
        Files.readAllLines(ROOT.resolve("libs/system-tests/src/test/resources/fuzz/requests.txt"));
    assertThat(found).isNotEmpty();
    for (String line : found) {
      String[] parts = line.split(" ", 2);
      DomeService service =
          List.of(DomeService.values()).stream()
              .filter(each -> each.serviceName().equals(parts[0]))
              .findFirst()
              .orElseThrow();
      int port = suite.stack().service(service).orElseThrow().port();
      assertThat(HttpFuzz.again(port, parts[1])).as(line).isEmpty();
    }
  }
}
