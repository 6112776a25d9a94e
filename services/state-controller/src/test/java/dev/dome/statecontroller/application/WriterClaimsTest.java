package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the lane writer brings claims, leases and heartbeats together. */
class WriterClaimsTest extends DrivenWriter {
  @Test
  void aParkedClaimIsAnsweredByTheCommitThatMakesATaskReady() {
    assertThat(claim("waiting", 1)).isNull();
    int before = said.batches;

    assertThat(submit(new RunId("run-2"), 1).status()).isEqualTo(201);

    assertThat(said.claims.get("waiting")).hasSize(1);
    assertThat(said.batches).isEqualTo(before + 1);
  }

  @Test
  void aRepeatedClaimGetsTheSameLeases() {
    submit(new RunId("run-3"), 1);
    List<Claim.GrantedTask> first = claim("c", 1);
    said.claims.clear();

    List<Claim.GrantedTask> second = claim("c", 1);

    assertThat(second).isEqualTo(first);
  }

  @Test
  void aReportThatAsksByAClaimThatWasGrantedBeforeDoesNotStopItsLane() {
    submit(new RunId("run-21"), 1);
    submit(new RunId("run-22"), 1);
    Claim.GrantedTask task = claim("used-" + namespace, 1).getFirst();

    Outcome outcome = pass(task, Messages.claim(namespace, "used-" + namespace, 1, now));

    assertThat(outcome.status()).isEqualTo(200);
    assertThat(outcome.body().path("tasks")).isEmpty();
    assertThat(claim("another", 1)).hasSize(1);
  }

  @Test
  void anExpiredParkedClaimIsAnsweredEmpty() {
    claim("late", 1);
    now += 10_001;
    drive();

    assertThat(said.claims.get("late")).isEmpty();
  }

  @Test
  void aSilentLeaseRunsOutAndItsLateReportIsKeptAsEvidence() {
    submit(new RunId("run-6"), 1);
    Claim.GrantedTask task = claim("first", 1).getFirst();
    pass30Seconds();
    Claim.GrantedTask again = claim("second", 1).getFirst();

    Outcome late = pass(task, null);

    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.fence()).isGreaterThan(task.fence());
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.reasonCode()).isEqualTo(Outcomes.ATTEMPT_FENCED);
    assertThat(
            PgFixture.count(
                "SELECT count(*) FROM late_report WHERE attempt_id = $1", task.attemptId().value()))
        .isOne();
  }

  /** In steps, because a longer pause would count as an outage, in which no lease runs out. */
  private void pass30Seconds() {
    for (int i = 0; i < 4; i++) {
      now += 7_501;
      drive();
    }
  }

  @Test
  void aHeartbeatStartsTheTaskAndKeepsTheLease() {
    submit(new RunId("run-7"), 1);
    Claim.GrantedTask task = claim("c", 1).getFirst();
    for (int i = 0; i < 4; i++) {
      now += 9_000;
      mailbox.offer(
          new Command.HeartbeatAsked(
              new Claim.Heartbeat(
                  namespace, task.attemptId(), task.fence(), null, Messages.WORKER, null),
              "hb"));
      drive();
      assertThat(said.heartbeats.get("hb").status()).isEqualTo(200);
    }
    assertThat(
            PgFixture.query(
                    "SELECT version FROM lease WHERE attempt_id = $1", task.attemptId().value())
                .getFirst()
                .getLong(0))
        .isEqualTo(5);
    assertThat(pass(task, null).status()).isEqualTo(200);
  }

  @Test
  void cancellingEndsTheLeaseAndTellsTheWorker() {
    RunId runId = new RunId("run-12");
    submit(runId, 1);
    Claim.GrantedTask task = claim("c", 1).getFirst();
    assertThat(outcome(Messages.cancel(operation(), namespace, runId)).status()).isEqualTo(200);
    mailbox.offer(
        new Command.HeartbeatAsked(
            new Claim.Heartbeat(
                namespace, task.attemptId(), task.fence(), null, Messages.WORKER, null),
            "hb"));
    drive();

    assertThat(said.heartbeats.get("hb").directives()).containsExactly("CANCEL");
  }

  @Test
  void anAttemptOutOfTimeIsEndedOnceByItsTimer() {
    RunId runId = new RunId("run-14");
    JsonNode document = Messages.chain(runId, 1);
    ((ObjectNode) document.get("tasks").get(0)).put("timeout_seconds", 5);
    outcome(Messages.submit(operation(), namespace, runId, document));
    Claim.GrantedTask task = claim("slow", 1).getFirst();
    assertThat(task.deadline()).isEqualTo(Timestamps.format(now + 5_000));
    now += 5_000;

    for (int i = 0; i < 2; i++) {
      assertThat(
              outcome(Messages.taskDeadline(operation(), namespace, task.attemptId(), task.fence()))
                  .status())
          .isEqualTo(200);
    }

    assertThat(pass(task, null).reasonCode()).isEqualTo(Outcomes.ATTEMPT_FENCED);
    assertThat(
            PgFixture.count(
                "SELECT count(*) FROM journal WHERE namespace = $1 AND topic = 'task.timed_out'",
                namespace.value()))
        .isOne();
  }
}
