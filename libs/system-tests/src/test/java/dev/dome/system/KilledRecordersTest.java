package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.RetryPolicy;
import dev.dome.client.WorkerCalls;
import dev.dome.client.model.Grant;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.devstack.DevServer;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.kernel.JournalRow;
import dev.dome.system.Suite.Running;
import dev.dome.system.Tables.Held;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of provenance and audit-export, each in the middle of a transaction that applies the
 * journal, at three points inside an active run. Neither reads what the other writes, so both die
 * at once.
 */
@ExtendWith(Suite.class)
class KilledRecordersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What a consumer writes first in each of its transactions. */
  private static final String[] CURSORS = {"provenance.lane_cursor", "audit_export.lane_cursor"};

  private final Running suite;
  private final String runId = Documents.freshId("run");
  @TempDir private Path directory;

  KilledRecordersTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void provenanceAndAuditExport() throws Exception {
    String queue = Documents.freshId("q");
    try (Tables tables = Tables.of(suite.stack());
        DomeClient client = suite.client("driver", "submitter", "worker", "auditor")) {
      WorkerCalls worker = client.worker().with(RetryPolicy.DEFAULT.within(PATIENCE));

      killedInTheMiddleOf(tables, () -> client.submit(Documents.chain(runId, queue, 3)));
      killedInTheMiddleOf(tables, () -> pass(worker, ByHand.claim(worker, queue)));
      pass(worker, ByHand.claim(worker, queue));
      killedInTheMiddleOf(tables, () -> pass(worker, ByHand.claim(worker, queue)));

      assertThat(client.run(runId).status()).isEqualTo(RunStatus.PROMOTED);
      assertThat(client.promotion(runId))
          .get()
          .extracting(PromotionDecision::decision)
          .isEqualTo(Verdict.APPROVE);
      List<JournalRow> rows = Histories.assertReplays(client, runId);
      assertManifestIsThatOfAnUndisturbedRun(tables, client, rows.getLast());
      assertAudited(client, rows);
    }
  }

  private static void pass(WorkerCalls worker, Grant grant) {
    worker.result(grant, Result.pass(), Duration.ZERO, null);
  }

  /** Both have begun to apply what the work did, and cannot go on, when they are killed. */
  private void killedInTheMiddleOf(Tables tables, Runnable work) throws SQLException {
    List<ServiceProcess> victims =
        Stream.of(DomeService.PROVENANCE, DomeService.AUDIT_EXPORT)
            .map(service -> suite.stack().service(service).orElseThrow())
            .toList();
    try (Held held = tables.unwritable(CURSORS)) {
      assertThat(held).isNotNull();
      work.run();
      tables.awaitWriters(CURSORS);
      victims.forEach(DevServer::kill);
    }
    victims.parallelStream().forEach(DevServer::restart);
  }

  /** Provenance makes it a second time from what it is made of, with nobody in its way. */
  private void assertManifestIsThatOfAnUndisturbedRun(
      Tables tables, DomeClient client, JournalRow last) throws SQLException {
    JsonNode disturbed = manifest(client);
    assertThat(disturbed.at("/artifacts/journal/head_hash").asText()).isEqualTo(last.hash());
    assertThat(disturbed.at("/artifacts/outcome/status").asText()).isEqualTo("PROMOTED");

    String uid = last.runUid().value();
    tables.change("DELETE FROM provenance.manifest WHERE run_uid = ?", uid);
    tables.change(
        "UPDATE provenance.completed_run SET settled = false, due_at_ms = 0 WHERE run_uid = ?",
        uid);

    assertThat(manifest(client)).isEqualTo(disturbed);
  }

  private JsonNode manifest(DomeClient client) {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> client.readIfPresent("runs/" + runId + "/manifest"), Optional::isPresent)
        .orElseThrow();
  }

  private void assertAudited(DomeClient client, List<JournalRow> rows) throws Exception {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(recorded(client)).hasSameSizeAs(rows));
    assertThat(recorded(client)).isEqualTo(rows.stream().map(JournalRow::hash).toList());
    String bag = directory.resolve("bag").toString();
    Dome.Ended exported =
        Dome.run(
            directory,
            Map.of("DOME_TOKEN", suite.token("auditor", "auditor")),
            "audit",
            "export",
            runId,
            "--to",
            bag,
            "--server",
            suite.stack().apiUrl());
    assertThat(exported.exitCode()).as(exported.output()).isZero();
    Dome.Ended verified = Dome.run(directory, Map.of(), "audit", "verify", bag);
    assertThat(verified.exitCode()).as(verified.output()).isZero();
    assertThat(verified.output()).contains("PROMOTED");
  }

  /** Hashes of the journal rows that the audit holds, in the order of their sequence. */
  private List<String> recorded(DomeClient client) {
    JsonNode page =
        client.read(
            "audit/records", Map.of("run_id", runId, "kind", "JOURNAL", "page_size", "200"));
    return Stream.of(page.path("items"))
        .flatMap(items -> java.util.stream.StreamSupport.stream(items.spliterator(), false))
        .map(record -> record.path("journal"))
        .sorted(java.util.Comparator.comparingLong(row -> row.path("sequence").asLong()))
        .map(row -> row.path("hash").asText())
        .toList();
  }
}
