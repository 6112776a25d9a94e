package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.cli.security.LeakScan;
import dev.dome.system.Suite.Running;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of every kind go in by every entrance and come out nowhere. */
@ExtendWith(Suite.class)
class LeaksTest {
  private static final long SEED = 20261126;
  private static final int MIN_PLANTED = 200;
  private static final int MIN_KINDS = 20;
  private static final double MIN_RECALL = 0.99;

  private final Running suite;

  LeaksTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void plantedSecretsAreFoundNowhere(@TempDir Path directory, TestReporter reporter)
      throws Exception {
    String namespace = Documents.freshId("leaks");
    String traceId = OtlpReceiver.sampledTraceId();
    LeakScan scan = new LeakScan(suite.stack(), namespace, SEED);
    scan.plant("00-" + traceId + "-" + "2".repeat(16) + "-01", directory);

    LeakScan.Report report =
        scan.look(
            (runId, target) -> export(directory, namespace, runId, target),
            directory,
            suite.spans().of(traceId).toString());

    report.rows().forEach(row -> reporter.publishEntry(row.entrance(), row.toString()));
    reporter.publishEntry("recall", report.planted() + " planted, " + report.recall());
    assertThat(report.planted()).isGreaterThanOrEqualTo(MIN_PLANTED);
    assertThat(report.kinds()).isGreaterThanOrEqualTo(MIN_KINDS);
    assertThat(suite.spans().of(traceId)).isNotEmpty();
    assertThat(report.recall())
        .as("seed %d leaks %s", SEED, report.leaks())
        .isGreaterThanOrEqualTo(MIN_RECALL);
    assertThat(report.rows())
        .anyMatch(row -> row.refused() == 0)
        .anyMatch(row -> row.refused() > 0);
  }

  private void export(Path directory, String namespace, String runId, Path target) {
    String token =
        suite
            .stack()
            .issuer()
            .mint(
                "auditor",
                Map.of(namespace, java.util.List.of("auditor")),
                java.time.Duration.ofHours(1));
    Dome.Ended ended;
    try {
      ended =
          Dome.run(
              directory,
              Map.of("DOME_TOKEN", token, "DOME_URL", suite.stack().apiUrl()),
              "audit",
              "export",
              runId,
              "-n",
              namespace,
              "--without-manifest",
              "--to",
              target.toString());
    } catch (Exception e) {
      throw new IllegalStateException("the command did not end", e);
    }
    assertThat(ended.exitCode()).as(ended.output()).isZero();
  }
}
