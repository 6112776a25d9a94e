package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A consumer of the journal whose database is put back to an older copy ends with the tables that
 * it had, although the stream no longer holds what it has to hear again.
 */
@ExtendWith(Suite.class)
class RestoredConsumersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int GOOD_RUNS = 4;

  /**
   * What of each table is compared, row by row. Left out are the times at which a service did
   * something of its own (when a timer fired, a breaker's change was told, a manifest was stored
   * and when the next try for one would have been due), and the place of an audit record in the
   * log, and the slices of time a breaker counts in: lanes and access decisions are heard
   * independently of each other, so their order is another one.
   */
  private static final Map<String, String> COMPARED =
      new LinkedHashMap<>(
          Map.of(
              "retry_scheduler.timer",
              "SELECT (to_jsonb(t) - 'fired_at_ms')::text FROM retry_scheduler.timer t"
                  + " WHERE namespace = '%1$s'",
              "retry_scheduler.dead_letter",
              "SELECT to_jsonb(t)::text FROM retry_scheduler.dead_letter t"
                  + " WHERE namespace = '%1$s'",
              "retry_scheduler.redrive",
              "SELECT to_jsonb(t)::text FROM retry_scheduler.redrive t WHERE namespace = '%1$s'",
              "retry_scheduler.breaker",
              "SELECT (to_jsonb(t) - 'slices')::text FROM retry_scheduler.breaker t"
                  + " WHERE namespace = '%1$s'",
              "retry_scheduler.breaker_change",
              "SELECT (to_jsonb(t) - 'published_at_ms')::text"
                  + " FROM retry_scheduler.breaker_change t WHERE namespace = '%1$s'",
              "retry_scheduler.run_guards",
              "SELECT to_jsonb(t)::text FROM retry_scheduler.run_guards t JOIN"
                  + " state_controller.run r USING (run_uid) WHERE r.namespace = '%1$s'",
              "provenance.completed_run",
              "SELECT (to_jsonb(t) - 'due_at_ms' - 'attempts')::text"
                  + " FROM provenance.completed_run t WHERE namespace = '%1$s'",
              "provenance.manifest",
              "SELECT (to_jsonb(t) - 'stored_at_ms')::text FROM provenance.manifest t JOIN"
                  + " provenance.completed_run r USING (run_uid) WHERE r.namespace = '%1$s'",
              "audit_export.audit_record",
              "SELECT (to_jsonb(t) - 'log_index')::text FROM audit_export.audit_record t"
                  + " WHERE kind = 'JOURNAL' AND namespace = '%1$s'"));

  /**
   * Tables that are none of the journal's (who reads which lane, what operators ordered, whom
   * outside was told), or a position that is compared with the journal's.
   */
  private static final List<String> NOT_COMPARED =
      List.of(
          "retry_scheduler.lane_cursor",
          "retry_scheduler.reader",
          "retry_scheduler.reader_lane",
          "retry_scheduler.breaker_order",
          "retry_scheduler.webhook",
          "retry_scheduler.webhook_delivery",
          "provenance.lane_cursor",
          "provenance.replay",
          "provenance.statement",
          "provenance.unsealed",
          "provenance.log_head",
          "provenance.log_tile",
          "provenance.tombstone",
          "provenance.tombstone_cursor",
          "audit_export.lane_cursor",
          "audit_export.access_cursor",
          "audit_export.log_head",
          "audit_export.run_retention",
          "audit_export.retention_class",
          "audit_export.namespace_retention",
          "audit_export.legal_hold",
          "audit_export.tombstone",
          "audit_export.act_head");

  private final String namespace = Documents.freshId("ns");
  private final String queue = Documents.freshId("q");
  private final List<String> open = new ArrayList<>();
  private final Running suite;
  private final Servers servers;
  private final Consumers consumers;

  RestoredConsumersTest(Running suite) {
    this.suite = suite;
    this.servers = new Servers(suite);
    this.consumers = new Consumers(suite, servers);
  }

  private DomeClient client() {
    String token =
        suite
            .stack()
            .issuer()
            .mint(
                "driver",
                Map.of(namespace, List.of("submitter", "worker", "operator", "auditor")),
                Duration.ofHours(1));
    return DomeClient.of(URI.create(suite.stack().apiUrl()), namespace, () -> token);
  }

  /**
   * Runs that pass, one that ends in a dead letter after two retries, and one that stays open with
   * a deadline.
   */
  private void work(DomeClient client, String stem) {
    List<String> good =
        Stream.generate(() -> Documents.freshId("run-" + stem)).limit(GOOD_RUNS).toList();
    String bad = Documents.freshId("bad-" + stem);
    String waiting = Documents.freshId("open-" + stem);
    try (Worker worker = Worker.on(queue, this::result).concurrency(2).start(client)) {
      good.forEach(id -> client.submit(Documents.chain(id, queue, 2)));
      client.submit(Documents.chain(bad, queue, 2));
      client.submit(Documents.preContract(waiting, "true"));
      open.add(waiting);
      good.forEach(id -> awaitStatus(client, id, RunStatus.PROMOTED));
      awaitStatus(client, bad, RunStatus.REJECTED);
      worker.drain();
    }
  }

  private Result result(TaskContext task) {
    return task.runId().startsWith("bad") ? Result.retry("TRANSIENT.NETWORK") : Result.pass();
  }

  private static void awaitStatus(DomeClient client, String runId, RunStatus status) {
    await().atMost(PATIENCE).until(() -> client.run(runId).status() == status);
  }

  private Map<String, List<String>> contents() throws SQLException {
    Map<String, List<String>> contents = new LinkedHashMap<>();
    for (Map.Entry<String, String> table : COMPARED.entrySet()) {
      contents.put(
          table.getKey(), servers.column(table.getValue().formatted(namespace) + " ORDER BY 1"));
    }
    return contents;
  }

  @Test
  void aCopyFromBeforeCatchesUpToWhatItsConsumerHad() throws Exception {
    try (DomeClient client = client()) {
      work(client, "old");
      consumers.awaitCaughtUp();
      consumers.stopAll();
      for (String schema : Consumers.SCHEMAS) {
        consumers.copy(schema);
      }
      consumers.startAll();
      work(client, "new");
      Map<String, List<String>> undisturbed = settled();
      List<String> access = accessRecords();
      awaitSealed();
      consumers.stopAll();
      for (String schema : Consumers.SCHEMAS) {
        consumers.restore(schema);
      }
      assertThat(contents()).as("the copy is older").isNotEqualTo(undisturbed);

      consumers.startAll();

      assertThat(settled()).isEqualTo(undisturbed);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(accessRecords()).containsAll(access));
      assertThat(undisturbed.get("retry_scheduler.timer")).hasSize(2);
      assertThat(undisturbed.get("retry_scheduler.dead_letter")).hasSize(2);
      assertThat(undisturbed.get("retry_scheduler.breaker")).isNotEmpty();
      assertThat(undisturbed.get("provenance.manifest")).hasSize(2 * (GOOD_RUNS + 1));
      open.forEach(id -> client.cancel(id, "OPERATOR.CANCELLED", "the test is over"));
    }
    assertTheOlderLogIsNoticed();
    assertEveryTableIsAccountedFor();
  }

  /** Its copy is ahead, so nothing is signed over it; without the copy nobody would know. */
  private void assertTheOlderLogIsNoticed() throws IOException {
    ServiceProcess provenance = suite.stack().service(DomeService.PROVENANCE).orElseThrow();
    await().atMost(PATIENCE).until(() -> isHalted(provenance));
    provenance.stop();
    consumers.forgetLogCopy();
    provenance.restart();
    awaitSealed();
    assertThat(isHalted(provenance)).isFalse();
  }

  /** A process that is new seals once the term of the one before it is over. */
  private void awaitSealed() {
    await()
        .atMost(PATIENCE)
        .until(() -> servers.column("SELECT id FROM provenance.unsealed"), List::isEmpty);
  }

  private static boolean isHalted(ServiceProcess provenance) {
    return Scrape.of(provenance).series().stream()
        .anyMatch(series -> series.name().equals("dome_log_halted") && series.value() == 1);
  }

  /** The contents once every row is applied and every run that ended has its manifest. */
  private Map<String, List<String>> settled() throws SQLException {
    consumers.awaitCaughtUp();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                servers.column(
                    "SELECT run_uid FROM provenance.completed_run WHERE NOT settled"
                        + " AND namespace = '"
                        + namespace
                        + "'"),
            List::isEmpty);
    return contents();
  }

  /** Access decisions do not come by the journal and go on meanwhile; those of before are back. */
  private List<String> accessRecords() throws SQLException {
    return servers.column(
        "SELECT (to_jsonb(t) - 'log_index')::text FROM audit_export.audit_record t"
            + " WHERE kind = 'ACCESS' AND namespace = '"
            + namespace
            + "'");
  }

  private void assertEveryTableIsAccountedFor() throws SQLException {
    List<String> tables = new ArrayList<>();
    for (String schema : Consumers.SCHEMAS) {
      consumers.tables(schema).forEach(table -> tables.add(schema + "." + table));
    }
    List<String> named = new ArrayList<>(COMPARED.keySet());
    named.addAll(NOT_COMPARED);
    assertThat(tables).containsExactlyInAnyOrderElementsOf(named);
  }
}
