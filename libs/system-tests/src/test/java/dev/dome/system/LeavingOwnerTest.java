package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.migrations.Database;
import dev.dome.system.Suite.Running;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A replica that is asked to go, as Kubernetes asks a pod: by SIGTERM. */
@ExtendWith(Suite.class)
class LeavingOwnerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Also of lanes whose term has ended: who only stops renewing stays in the row. */
  private static final String OWNED = "SELECT count(*) FROM state_controller.lane WHERE owner = ?";

  private static final String TAKEN =
      "SELECT count(*) FROM state_controller.lane WHERE owner = ? AND expires_at > now()";
  private static final String ALL = "SELECT count(*) FROM state_controller.lane";
  private static final String KNOWN =
      "SELECT count(*) FROM state_controller.replica WHERE replica_id = ?";

  private final Running suite;

  LeavingOwnerTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aReplicaThatIsAskedToGoHandsItsLanesOverBeforeItIsGone() throws SQLException {
    ServiceProcess staying = suite.stack().service(DomeService.STATE_CONTROLLER).orElseThrow();
    ServiceProcess leaving = suite.stack().replica(DomeService.STATE_CONTROLLER, 1).orElseThrow();
    await().atMost(PATIENCE).until(() -> number(TAKEN, leaving.name()) > 0);
    String queue = Documents.freshId("q");
    String runId = Documents.freshId("run");

    try (DomeClient client = suite.client("driver", "submitter", "worker", "auditor");
        Worker worker = Worker.on(queue, task -> Result.pass()).start(client)) {
      leaving.stop();

      // Not expired but released, and it no longer counts when lanes are shared out.
      assertThat(number(OWNED, leaving.name())).isZero();
      assertThat(number(KNOWN, leaving.name())).isZero();
      await().atMost(PATIENCE).until(() -> number(TAKEN, staying.name()) == number(ALL));
      client.submit(Documents.chain(runId, queue, 2));
      await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
      worker.drain();
      Histories.assertReplays(client, runId);
    } finally {
      leaving.restart();
    }
    await().atMost(PATIENCE).until(() -> number(TAKEN, leaving.name()) > 0);
  }

  private long number(String query, String... arguments) throws SQLException {
    Database admin = suite.stack().infrastructure().postgres().orElseThrow().admin();
    try (Connection connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setString(i + 1, arguments[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }
}
