package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two replicas of retry-scheduler share the lanes, and one that dies leaves them to the other. */
@ExtendWith(Suite.class)
class TwoSchedulersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration TAKEOVER = Duration.ofSeconds(10);

  /** Enough that every replica has lanes with some of them. */
  private static final int RUNS = 24;

  private static final String OWNED =
      "SELECT count(*) FROM retry_scheduler.reader_lane WHERE owner = ? AND expires_at > now()";

  private final Running suite;

  TwoSchedulersTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void lanesAreSharedAndTakenOverAndEveryTimerFiresOnce() throws Exception {
    ServiceProcess first = suite.stack().service(DomeService.RETRY_SCHEDULER).orElseThrow();
    String queue = Documents.freshId("q");
    try (Tables tables = Tables.of(suite.stack());
        ServiceProcess second = suite.stack().another(DomeService.RETRY_SCHEDULER);
        DomeClient client = suite.client("driver", "submitter", "worker", "auditor");
        Worker worker = Worker.on(queue, this::firstFails).concurrency(4).start(client)) {
      awaitOwned(tables, first, 8);
      awaitOwned(tables, second, 8);
      List<String> runs = submit(client, queue);

      second.kill();
      runs.addAll(submit(client, queue));

      await().atMost(TAKEOVER).until(() -> tables.number(OWNED, first.name()) == 16);
      for (String runId : runs) {
        await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
        TimersOfRun timers = TimersOfRun.in(Histories.assertReplays(client, runId));
        assertThat(timers.dueMs()).hasSize(1);
        timers.assertEachFiredOnceAndNotEarly();
      }
      second.restart();
      awaitOwned(tables, second, 8);
      second.stop();
      awaitOwned(tables, first, 16);
      worker.drain();
    }
  }

  private Result firstFails(TaskContext task) {
    return task.attempt() == 1 && task.taskId().endsWith("fails")
        ? Result.retry("TRANSIENT.NETWORK")
        : Result.pass();
  }

  private static void awaitOwned(Tables tables, ServiceProcess replica, int lanes) {
    await().atMost(PATIENCE).until(() -> tables.number(OWNED, replica.name()) == lanes);
  }

  /** Of every run's tasks one fails once, after the others passed: that opens no breaker. */
  private static List<String> submit(DomeClient client, String queue) {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < RUNS / 2; i++) {
      String runId = Documents.freshId("run");
      ObjectNode document = Documents.independent(runId);
      Documents.task(document.withArray("tasks"), "passes", queue);
      Documents.task(document.withArray("tasks"), "passes-too", queue);
      Documents.task(document.withArray("tasks"), "fails", queue)
          .withArray("dependencies")
          .add("passes")
          .add("passes-too");
      client.submit(document);
      runs.add(runId);
    }
    return runs;
  }
}
