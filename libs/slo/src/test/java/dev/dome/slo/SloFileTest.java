package dev.dome.slo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SloFileTest {
  private static final Path SOURCE =
      ObservabilityFiles.source(Path.of(System.getProperty("dome.root")));

  @TempDir Path directory;

  @Test
  void domesObjectivesAreTheFiveOfTheDesign() throws IOException {
    SloFile file = SloFile.read(SOURCE);

    assertThat(file.findings()).isEmpty();
    assertThat(file.objectives())
        .extracting(Slo::name)
        .containsExactly(
            "slo-1-availability",
            "slo-2-determinism",
            "slo-3-evidence",
            "slo-4-safety",
            "slo-5-freshness");
    assertThat(file.objectives()).allMatch(slo -> slo.windowDays() == 30);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          apiVersion: openslo/v1          | apiVersion: openslo/v2            | apiVersion
          kind: SLO                       | kind: SLI                         | kind
          name: slo-1-availability        | name: Availability                | metadata.name
          service: dome                   | service: other                    | no Service before it
          target: 0.999                   | target: 99.9                      | target
          duration: 30d                   | duration: 1M                      | spec.timeWindow
          counter: true                   | counter: false                    | ratioMetric
          type: Prometheus                | type: Graphite                    | metricSource.type
          status="EXPIRED"                | status=~"EXP.*"                   | expected label
          dome_runs_ended_total{          | dome_other_total{                 | one more label
          name: slo-2-determinism         | name: slo-1-availability          | there twice
          """)
  void whatIsWrongIsNamed(String right, String wrong, String named) throws IOException {
    String text = Files.readString(SOURCE);
    assertThat(text).contains(right);
    Path file = directory.resolve("slo.yaml");
    Files.writeString(file, text.replace(right, wrong));

    assertThat(SloFile.read(file).findings())
        .extracting(SloFile.Finding::detail)
        .anySatisfy(detail -> assertThat(detail).contains(named));
  }
}
