package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.cli.security.LeakScan;
import dev.dome.system.Suite.Running;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of every kind, planted through every entrance, are nowhere afterwards. */
@ExtendWith(Suite.class)
class LeaksTest {
  private static final long SEED = 20261126;
  private static final double MIN_RECALL = 0.99;

  private final Running suite;
  private final String namespace = Documents.freshId("leaks");

  LeaksTest(Running suite) {
    this.suite = suite;
  }

  @Test
  @SuppressWarnings("SystemOut")
  void atLeastNinetyNineOfAHundredPlantedSecretsAreNowhere(@TempDir Path directory)
      throws Exception {
    String traceId = OtlpReceiver.sampledTraceId();
    LeakScan scan = new LeakScan(suite.stack(), namespace, SEED);

    scan.plant("00-" + traceId + "-" + "2".repeat(16) + "-01", directory);

    LeakScan.Report report =
        scan.look(
            (runId, target) -> export(directory, runId, target), directory, () -> spans(traceId));
    System.out.printf(
        "planted secrets: %.2f %% of %d found nowhere; found: %s%n",
        100 * report.recall(), report.planted(), report.leaks());
    assertThat(report.planted()).isGreaterThanOrEqualTo(200);
    assertThat(report.kinds()).isGreaterThanOrEqualTo(20);
    assertThat(report.recall())
        .as(() -> "leaks: " + report.leaks())
        .isGreaterThanOrEqualTo(MIN_RECALL);
  }

  private byte[] spans(String traceId) {
    return suite.spans().of(traceId).stream()
        .map(OtlpReceiver.Exported::whole)
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private void export(Path directory, String runId, Path target) {
    String token =
        suite
            .stack()
            .issuer()
            .mint("auditor", Map.of(namespace, List.of("auditor")), Duration.ofHours(1));
    Dome.Ended ended;
    try {
      ended =
          Dome.run(
              directory,
              Map.of("DOME_TOKEN", token),
              "audit",
              "export",
              runId,
              "-n",
              namespace,
              "--to",
              target.toString(),
              "--server",
              suite.stack().apiUrl(),
              "--without-manifest");
    } catch (Exception e) {
      throw new AssertionError("the export could not be run", e);
    }
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(Files.isDirectory(target)).isTrue();
  }
}
