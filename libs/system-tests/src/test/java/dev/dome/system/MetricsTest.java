package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.RepoRoot;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the five services measure after a run of every kind. */
@ExtendWith(Suite.class)
class MetricsTest {
  private static final int RUNS = 200;
  private static final Path PAGE = RepoRoot.find().resolve("doc/observability/metrics.md");

  private final Running suite;

  MetricsTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void thePageIsWhatTheServicesShow() throws IOException {
    work(1);
    // The slowest loop looks every five seconds, and shows nothing before it has looked.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(MetricsReference.page(suite.stack().services()))
                .contains("dome_audit_lag_seconds", "dome_ready_check"));

    String shown = MetricsReference.page(suite.stack().services());

    if (Boolean.getBoolean("dome.metrics.write")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, shown);
    }
    assertThat(Files.readString(PAGE))
        .as("run MetricsTest with -Ddome.metrics.write=true and look at the difference")
        .isEqualTo(shown);
  }

  @Test
  void everyMeasureOfOursSaysWhatItMeans() {
    work(1);

    for (ServiceProcess service : suite.stack().services()) {
      assertThat(Scrape.of(service).families().values())
          .filteredOn(family -> family.name().startsWith("dome_"))
          .as("metrics without a description in " + service.name())
          .allSatisfy(family -> assertThat(family.help()).as(family.name()).hasSizeGreaterThan(10));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dome_ready_check, check, nats",
    "dome_ready_check, check, .*PostgreSQL.*",
    "dome_runs_ended_total, status, EXPIRED",
    "dome_replays_total, result, difference",
    "dome_manifest_lag_seconds_bucket, le, 60\\.0",
    "dome_timer_lateness_seconds_bucket, le, 2\\.0",
    "dome_ingest_outcome_wait_seconds_bucket, le, 1\\.0",
    "dome_stream_used_ratio, stream, DOME_INBOX",
  })
  void theSeriesThatAlertsPickByALabelExist(String metric, String label, String value) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(suite.stack().services())
                .anyMatch(service ->
                    Scrape.of(service).series().stream()
                        .filter(line -> line.name().equals(metric))
                        .anyMatch(line -> line.labels().getOrDefault(label, "").matches(value))));
  }

  @Test
  void theNumberOfSeriesDoesNotGrowWithRunsAndNoLabelNamesOne() {
    work(20);
    awaitSettledGauges();
    Map<String, Set<String>> before = series();

    List<String> ids = work(RUNS);

    awaitSettledGauges();
    Map<String, Set<String>> after = series();
    after.forEach((service, lines) -> {
      Set<String> fresh = new TreeSet<>(lines);
      fresh.removeAll(before.get(service));
      // A status or a code path seen for the first time may add a few, a label by run would add
      // all.
      assertThat(fresh)
          .as("series that came with %d more runs in %s", RUNS, service)
          .hasSizeLessThan(RUNS / 20);
    });
    Set<String> values =
        suite.stack().services().stream()
            .flatMap(service -> Scrape.of(service).series().stream())
            .flatMap(line -> line.labels().values().stream())
            .collect(Collectors.toSet());
    assertThat(ids).allSatisfy(id -> assertThat(values).noneMatch(value -> value.contains(id)));
  }

  /** Runs, queues, workers and people of names of their own; returns all of these names. */
  private List<String> work(int runs) {
    String queue = Documents.freshId("q");
    String person = Documents.freshId("person");
    List<String> ids = new ArrayList<>(List.of(queue, person));
    try (DomeClient client = suite.client(person, "submitter", "worker", "auditor");
        Worker worker = Worker.on(queue, task -> Result.pass()).concurrency(4).start(client)) {
      for (int i = 0; i < runs; i++) {
        String runId = Documents.freshId("run");
        client.submit(Documents.chain(runId, queue, 1));
        ids.add(runId);
      }
      ids.subList(2, ids.size())
          .forEach(runId -> {
            await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.run(runId).status() == RunStatus.PROMOTED);
            assertThat(client.gate(runId)).isPresent();
          });
      refused(client);
      assertThat(worker).isNotNull();
    }
    return ids;
  }

  private static void refused(DomeClient client) {
    try {
      client.submit(Documents.chain("No such Id", "default", 1));
    } catch (DomeException e) {
      assertThat(e.status()).isBetween(400, 499);
    }
  }

  /** Until what a loop shows only now and then is there. */
  private void awaitSettledGauges() {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollDelay(Duration.ofSeconds(6))
        .until(() -> series().equals(series()));
  }

  /** Names and labels of every series, without what the JVM and Netty add as they warm up. */
  private Map<String, Set<String>> series() {
    Map<String, Set<String>> series = new TreeMap<>();
    for (ServiceProcess service : suite.stack().services()) {
      series.put(
          service.name(),
          Scrape.of(service).series().stream()
              .filter(line -> !line.name().matches("(jvm|netty|process|system|worker|sql)_.*"))
              .map(line -> line.name() + line.labels())
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    return series;
  }
}
