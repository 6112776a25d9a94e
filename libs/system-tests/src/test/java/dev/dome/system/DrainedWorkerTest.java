package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.client.model.Task;
import dev.dome.client.model.TaskStatus;
import dev.dome.system.Suite.Running;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator lets workers go, through ingest, whichever replica they ask. */
@ExtendWith(Suite.class)
class DrainedWorkerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Running suite;
  private final String queue = Documents.freshId("q");
  private final String workerId = Documents.freshId("w");

  DrainedWorkerTest(Running suite) {
    this.suite = suite;
  }

  private DomeClient client() {
    return suite.client("driver", "submitter", "worker", "operator");
  }

  private void awaitListed(DomeClient client) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            client.read("workers", Map.of("queue", queue)).at("/items/0/worker_id").isTextual());
  }

  @Test
  void anIdleWorkerEndsAndComesBackOnlyOnceItMay() throws InterruptedException {
    try (DomeClient client = client()) {
      try (Worker worker =
          Worker.on(queue, task -> Result.pass()).concurrency(2).workerId(workerId).start(client)) {
        awaitListed(client);
        client.drainWorker(workerId, true);
        worker.awaitStop();
        assertThat(worker.draining()).isTrue();
      }
      try (Worker again =
          Worker.on(queue, task -> Result.pass()).workerId(workerId).start(client)) {
        again.awaitStop();
      }
      client.drainWorker(workerId, false);
      String runId = Documents.freshId("run");
      client.submit(Documents.chain(runId, queue, 1));
      await()
          .atMost(PATIENCE)
          .until(() -> {
            try (Worker back =
                Worker.on(queue, task -> Result.pass()).workerId(workerId).start(client)) {
              await()
                  .atMost(PATIENCE)
                  .until(() -> back.draining() || client.run(runId).status() == RunStatus.PROMOTED);
              return !back.draining();
            }
          });
    }
  }

  @Test
  void aBusyWorkerOfADrainedVersionFinishesAndTakesNothingNew() throws InterruptedException {
    AtomicReference<Worker> self = new AtomicReference<>();
    String runId = Documents.freshId("run");
    try (DomeClient client = client();
        Worker worker =
            Worker.on(
                    queue,
                    task -> {
                      client.drainDeployment(queue, "v1", true);
                      await()
                          .atMost(PATIENCE)
                          .until(() -> self.get() != null && self.get().draining());
                      return Result.pass();
                    })
                .workerId(workerId)
                .deploymentVersion("v1")
                .start(client)) {
      self.set(worker);
      awaitListed(client);
      client.submit(Documents.chain(runId, queue, 2));
      worker.awaitStop();

      List<Task> tasks = client.tasks(runId);
      assertThat(tasks.getFirst().status().isSettled()).isTrue();
      assertThat(tasks.getLast().status()).isEqualTo(TaskStatus.QUEUED);
      client.cancel(runId, "OPERATOR.CANCELLED", "the test is over");
      client.drainDeployment(queue, "v1", false);
    }
  }
}
