package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.RetryPolicy;
import dev.dome.client.WorkerCalls;
import dev.dome.client.model.Grant;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.kernel.JournalRow;
import dev.dome.system.Suite.Running;
import dev.dome.system.Tables.Held;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * kill -9 of retry-scheduler while a retry and a deadline of an active run are its to fire. Locks
 * on its table stop it where it is to be killed; that it waits there is seen before it is.
 */
@ExtendWith(Suite.class)
class KilledSchedulerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TIMEOUT_SECONDS = 4;
  private static final Result FAILED = Result.retry("TRANSIENT.NETWORK");
  private static final String TIMER = "retry_scheduler.timer";
  private static final String PENDING =
      "SELECT timer_id FROM retry_scheduler.timer WHERE fired_at_ms IS NULL AND run_uid = ?";
  private static final String COUNT_FIRED =
      "SELECT count(*) FROM retry_scheduler.timer WHERE fired_at_ms >= due_at_ms AND run_uid = ?";
  private static final String COUNT =
      "SELECT count(*) FROM retry_scheduler.timer WHERE run_uid = ?";
  private static final String PAST_DUE =
      """
      SELECT count(*) FROM retry_scheduler.timer
       WHERE due_at_ms < extract(epoch FROM now()) * 1000 AND fired_at_ms IS NULL AND run_uid = ?
      """;

  private final Running suite;
  private final String runId = Documents.freshId("run");

  /** The round's attempt that lives and does not end in time. */
  private Grant stuck;

  KilledSchedulerTest(Running suite) {
    this.suite = suite;
  }

  private ServiceProcess scheduler() {
    return suite.stack().service(DomeService.RETRY_SCHEDULER).orElseThrow();
  }

  /** A task's queue is its own, so that no breaker sees many failures. */
  private String queue(String task) {
    return runId + "-" + task;
  }

  @Test
  void killedBeforeTimersAreStoredWhileTheyWaitAndOnceTheyWerePublished() throws Exception {
    try (Tables tables = Tables.of(suite.stack());
        DomeClient client = suite.client("driver", "submitter", "worker", "auditor")) {
      WorkerCalls worker = client.worker().with(RetryPolicy.DEFAULT.within(PATIENCE));
      List<String> failing = List.of("fails-1", "fails-2", "fails-3");
      List<String> stuck = List.of("stuck-1", "stuck-2", "stuck-3");
      String uid = client.submit(document(failing, stuck)).runUid();

      killedBeforeTheyAreStored(tables, worker, uid);
      awaitWoken(client, 3);
      killedWhileTheyWait(tables, worker, uid);
      awaitWoken(client, 7);
      killedOncePublished(tables, client, worker, uid);
      awaitWoken(client, 11);

      List<Grant> grants = new ArrayList<>();
      failing.forEach(task -> grants.add(ByHand.claim(worker, queue(task))));
      stuck.forEach(
          task -> worker.result(claimAgain(worker, task), Result.pass(), Duration.ZERO, null));
      assertThat(grants).extracting(Grant::attempt).containsExactly(2, 3, 3);
      // Three retries of stuck ones, one, two and two of failures; a missed deadline's timer is
      // gone.
      await().atMost(PATIENCE).until(() -> tables.number(COUNT_FIRED, uid) == 8);
      await().atMost(PATIENCE).until(() -> tables.number(COUNT, uid) == 8);
      grants.forEach(grant -> worker.result(grant, Result.pass(), Duration.ZERO, null));

      assertPromoted(client);
      List<JournalRow> rows = Histories.assertReplays(client, runId);
      assertThat(rows)
          .extracting(row -> row.envelope().topic())
          .doesNotContain("task.lease.expired")
          .filteredOn("task.timed_out"::equals)
          .hasSize(3);
      TimersOfRun timers = TimersOfRun.in(rows);
      assertThat(timers.dueMs()).hasSize(8 + 3);
      timers.assertEachFiredOnceAndNotEarly();
      await().atMost(PATIENCE).until(() -> tables.number(COUNT, uid) == 0);
    }
  }

  /** The table cannot be written: the scheduler has the rows and cannot keep what they mean. */
  private void killedBeforeTheyAreStored(Tables tables, WorkerCalls worker, String uid)
      throws SQLException {
    try (Held held = tables.unwritable(TIMER)) {
      assertThat(held).isNotNull();
      stuck = ByHand.claim(worker, queue("stuck-1"));
      Grant fails = ByHand.claim(worker, queue("fails-1"));
      worker.result(fails, FAILED, Duration.ZERO, null);
      tables.awaitWriters(TIMER);
      scheduler().kill();
    }
    assertThat(tables.number(COUNT, uid)).as("timers of a commit that never came").isZero();
    restart(worker);
  }

  /** The rows are locked, as another replica's would be: they are stored and are not fired. */
  private void killedWhileTheyWait(Tables tables, WorkerCalls worker, String uid)
      throws SQLException {
    try (Held held = storedAndWaiting(tables, worker, uid, 2)) {
      assertThat(held).isNotNull();
      scheduler().kill();
      await().atMost(PATIENCE).until(() -> tables.number(PAST_DUE, uid) == 2);
    }
    restart(worker);
  }

  /** Both are published in one round, whose end, the mark that they have fired, is held up. */
  private void killedOncePublished(Tables tables, DomeClient client, WorkerCalls worker, String uid)
      throws SQLException {
    Held held = storedAndWaiting(tables, worker, uid, 3);
    await().atMost(PATIENCE).until(() -> tables.number(PAST_DUE, uid) == 2);
    try (Held unwritable = tables.unwritable(TIMER)) {
      assertThat(unwritable).isNotNull();
      held.close();
      tables.awaitWriters(TIMER);
      awaitWoken(client, 10);
      scheduler().kill();
    }
    assertThat(tables.number(PAST_DUE, uid)).as("published, and due all the same").isEqualTo(2);
    scheduler().restart();
  }

  /**
   * A deadline and a retry of the round's tasks, stored and locked. The retry is the second one of
   * its task, whose delay of a second leaves time to lock its row.
   */
  private Held storedAndWaiting(Tables tables, WorkerCalls worker, String uid, int round)
      throws SQLException {
    String fails = queue("fails-" + round);
    worker.result(ByHand.claim(worker, fails), FAILED, Duration.ZERO, null);
    Grant again = ByHand.claim(worker, fails);
    stuck = ByHand.claim(worker, queue("stuck-" + round));
    worker.result(again, FAILED, Duration.ZERO, null);
    return tables.lockedRows(2, PENDING, uid);
  }

  /** Returns when the run has answered so many timers: nothing of an earlier round is left. */
  private void awaitWoken(DomeClient client, int timers) {
    await()
        .atMost(PATIENCE)
        .until(() -> TimersOfRun.in(Histories.ledger(client, runId)).woken().size() == timers);
  }

  /** A start may last as long as the lease of the attempt whose deadline is to be missed. */
  private void restart(WorkerCalls worker) {
    worker.heartbeat(stuck.attemptId(), stuck.fence(), null);
    scheduler().restart();
  }

  private Grant claimAgain(WorkerCalls worker, String task) {
    Grant grant = ByHand.claim(worker, queue(task));
    assertThat(grant.attempt()).as(task).isEqualTo(2);
    return grant;
  }

  @Test
  void killedWhileDueTimersPileUp() throws Exception {
    try (Tables tables = Tables.of(suite.stack());
        DomeClient client = suite.client("driver", "submitter", "worker", "auditor")) {
      WorkerCalls worker = client.worker().with(RetryPolicy.DEFAULT.within(PATIENCE));
      int queues = 8;
      int perQueue = 5;
      String uid = client.submit(piled(queues, perQueue)).runUid();
      scheduler().kill();
      for (int queue = 0; queue < queues; queue++) {
        ByHand.claim(worker, queue("piled-" + queue), perQueue)
            .forEach(grant -> worker.result(grant, FAILED, Duration.ZERO, null));
      }
      TimersOfRun piled = TimersOfRun.in(Histories.ledger(client, runId));
      long lastMs = piled.dueMs().values().stream().mapToLong(due -> due).max().orElseThrow();
      await().atMost(PATIENCE).until(() -> System.currentTimeMillis() > lastMs);
      assertThat(piled.woken()).isEmpty();

      scheduler().restart();

      for (int queue = 0; queue < queues; queue++) {
        ByHand.claim(worker, queue("piled-" + queue), perQueue)
            .forEach(grant -> worker.result(grant, Result.pass(), Duration.ZERO, null));
      }
      assertPromoted(client);
      TimersOfRun timers = TimersOfRun.in(Histories.assertReplays(client, runId));
      assertThat(timers.dueMs()).hasSize(queues * perQueue);
      timers.assertEachFiredOnceAndNotEarly();
      await().atMost(PATIENCE).until(() -> tables.number(COUNT, uid) == 0);
    }
  }

  private void assertPromoted(DomeClient client) {
    await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
    assertThat(client.promotion(runId))
        .get()
        .extracting(PromotionDecision::decision)
        .isEqualTo(Verdict.APPROVE);
  }

  private ObjectNode document(List<String> failing, List<String> stuck) {
    ObjectNode document = Documents.independent(runId);
    ArrayNode tasks = document.withArray("tasks");
    failing.forEach(task -> Documents.task(tasks, task, queue(task)));
    stuck.forEach(
        task -> Documents.task(tasks, task, queue(task)).put("timeout_seconds", TIMEOUT_SECONDS));
    return document;
  }

  private ObjectNode piled(int queues, int perQueue) {
    ObjectNode document = Documents.independent(runId);
    ArrayNode tasks = document.withArray("tasks");
    for (int queue = 0; queue < queues; queue++) {
      for (int task = 0; task < perQueue; task++) {
        Documents.task(tasks, "t-" + queue + "-" + task, queue("piled-" + queue));
      }
    }
    return document;
  }
}
