package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.wire.Subjects;
import dev.dome.system.Suite.Running;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * DOME_JOURNAL is a copy: deleted under a live system, it is made again and nobody misses a row.
 */
@ExtendWith(Suite.class)
class LostStreamTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int RUNS = 8;

  private final Running suite;

  LostStreamTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void theJournalStreamDeletedUnderALiveSystemHealsWithoutLoss() throws Exception {
    List<String> runs = Stream.generate(() -> Documents.freshId("run")).limit(RUNS).toList();
    String queue = Documents.freshId("q");
    try (DomeClient client = suite.client("driver", "submitter", "worker");
        Worker worker = Worker.on(queue, task -> Result.pass()).concurrency(4).start(client)) {
      runs.subList(0, RUNS / 2).forEach(id -> client.submit(Documents.chain(id, queue, 3)));
      deleteJournalStream();
      runs.subList(RUNS / 2, RUNS).forEach(id -> client.submit(Documents.chain(id, queue, 3)));
      runs.forEach(id ->
          await().atMost(PATIENCE).until(() -> client.run(id).status() == RunStatus.PROMOTED));
      worker.drain();
    }

    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      for (String runId : runs) {
        int rows = Histories.assertReplays(auditor, runId).size();
        await().atMost(PATIENCE).until(() -> audited(auditor, runId) == rows);
        await()
            .atMost(PATIENCE)
            .until(() -> auditor.readIfPresent("runs/" + runId + "/manifest").isPresent());
      }
    }
  }

  private void deleteJournalStream() throws Exception {
    Connection connection = Nats.connect(suite.stack().connections().natsUrl());
    try {
      JetStreamManagement management = connection.jetStreamManagement();
      assertThat(management.deleteStream(Subjects.JOURNAL_STREAM)).isTrue();
    } finally {
      connection.close();
    }
  }

  /** How many journal rows of a run the audit holds. */
  private static long audited(DomeClient auditor, String runId) {
    JsonNode page =
        auditor.read(
            "audit/records", Map.of("run_id", runId, "kind", "JOURNAL", "page_size", "200"));
    return StreamSupport.stream(page.path("items").spliterator(), false).count();
  }
}
