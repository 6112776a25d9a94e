package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import dev.dome.devstack.LocalStack;
import dev.dome.system.Suite.Running;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * kill -9 at three points inside an active run: after the submission, while a task is leased, and
 * after a result. The run ends as if nothing had happened.
 */
@ExtendWith(Suite.class)
class KilledServersTest {
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private final Running suite;

  KilledServersTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void ingest() {
    runSurvives(List.of(suite.stack().service(DomeService.INGEST).orElseThrow()));
  }

  @Test
  void everyStateController() {
    runSurvives(
        List.of(
            suite.stack().replica(DomeService.STATE_CONTROLLER, 0).orElseThrow(),
            suite.stack().replica(DomeService.STATE_CONTROLLER, 1).orElseThrow()));
  }

  @Test
  void natsServer() {
    runSurvives(List.of(stack().infrastructure().nats().orElseThrow()));
  }

  @Test
  void postgres() {
    runSurvives(List.of(stack().infrastructure().postgres().orElseThrow()));
  }

  private LocalStack stack() {
    return suite.stack();
  }

  private void runSurvives(List<? extends DevServer> victims) {
    String runId = Documents.freshId("run");
    String queue = Documents.freshId("q");
    try (DomeClient client = suite.client("driver", "submitter", "worker", "auditor")) {
      WorkerCalls worker = client.worker().with(RetryPolicy.DEFAULT.within(RECOVERY));
      client.submit(Documents.chain(runId, queue, 3));

      killAndRestart(victims);
      Grant first = ByHand.claim(worker, queue);
      killAndRestart(victims);
      worker.result(first, Result.pass(), Duration.ZERO, null);
      killAndRestart(victims);
      worker.result(ByHand.claim(worker, queue), Result.pass(), Duration.ZERO, null);
      worker.result(ByHand.claim(worker, queue), Result.pass(), Duration.ZERO, null);

      await()
          .atMost(RECOVERY)
          .ignoreExceptions()
          .until(() -> client.run(runId).status() == RunStatus.PROMOTED);
      assertThat(client.promotion(runId))
          .get()
          .extracting(PromotionDecision::decision)
          .isEqualTo(Verdict.APPROVE);
      Histories.assertReplays(client, runId);
    }
  }

  private static void killAndRestart(List<? extends DevServer> victims) {
    victims.forEach(DevServer::kill);
    victims.parallelStream().forEach(DevServer::restart);
  }
}
