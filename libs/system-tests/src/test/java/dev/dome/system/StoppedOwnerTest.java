package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Suite.class)
class StoppedOwnerTest {
  private static final Duration TAKEOVER = Duration.ofSeconds(30);

  /** Rows of a lane whose writer's epoch is older than that of a row before them. */
  private static final String STALE_ROWS =
      """
      SELECT count(*) FROM (
        SELECT writer_epoch,
               max(writer_epoch) OVER (PARTITION BY lane ORDER BY lane_position) AS newest
          FROM state_controller.journal) rows
       WHERE writer_epoch < newest
      """;

  private static final String OWNED =
      "SELECT count(*) FROM state_controller.lane WHERE owner = '%s' AND expires_at > now()";

  private final Running suite;

  StoppedOwnerTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void anOwnerThatWakesUpAfterItsLeaseWritesNothing() throws SQLException {
    // The second: reads go to the first, as a Kubernetes Service would send them to a ready one.
    ServiceProcess stopped = suite.stack().replica(DomeService.STATE_CONTROLLER, 1).orElseThrow();
    String queue = Documents.freshId("q");
    try (Tables tables = Tables.of(suite.stack());
        DomeClient client = suite.client("driver", "submitter", "worker", "auditor");
        Worker worker = Worker.on(queue, task -> Result.pass()).concurrency(2).start(client)) {
      await().atMost(TAKEOVER).until(() -> tables.number(OWNED.formatted(stopped.name())) > 0);
      List<String> before = submit(client, queue, 40);
      stopped.pause();
      List<String> meanwhile;
      try {
        await().atMost(TAKEOVER).until(() -> tables.number(OWNED.formatted(stopped.name())) == 0);
        meanwhile = submit(client, queue, 40);
        awaitPromoted(client, meanwhile);
      } finally {
        stopped.resume();
      }
      List<String> after = submit(client, queue, 40);

      awaitPromoted(client, before);
      awaitPromoted(client, after);
      assertThat(worker).isNotNull();
      assertThat(tables.number(STALE_ROWS)).as("rows written under a superseded epoch").isZero();
      meanwhile.forEach(runId -> Histories.assertReplays(client, runId));
    }
  }

  private static List<String> submit(DomeClient client, String queue, int runs) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      String runId = Documents.freshId("run");
      client.submit(Documents.chain(runId, queue, 2));
      ids.add(runId);
    }
    return ids;
  }

  private static void awaitPromoted(DomeClient client, List<String> runs) {
    for (String runId : runs) {
      await()
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptions()
          .until(() -> client.run(runId).status() == RunStatus.PROMOTED);
    }
  }
}
