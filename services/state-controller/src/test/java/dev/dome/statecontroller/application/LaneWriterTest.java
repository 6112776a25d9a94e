package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunStatus;
import dev.dome.statecontroller.adapter.db.PgLaneLeases;
import dev.dome.statecontroller.adapter.db.PgStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lane writer on a real PostgreSQL, driven turn by turn on the test's thread. */
class LaneWriterTest {
  private final NamespaceId namespace =
      new NamespaceId("ns-" + UUID.randomUUID().toString().substring(0, 8));
  private final Recorder said = new Recorder();
  private final String replica = "r-" + UUID.randomUUID();
  private final PgLaneLeases leases = new PgLaneLeases(PgFixture.pool());
  private final Mailbox mailbox = new Mailbox(10_000);
  private Map<Lane, Long> lanes;
  private long now = 1_800_000_000_000L;
  private long sequence;
  private int operations;
  private LaneWriter writer;

  @BeforeEach
  void own() {
    writer = writer(mailbox, said);
    lanes = leases.take(replica, 16, false, 60_000);
    assertThat(lanes).hasSize(16);
    lanes.forEach((lane, epoch) -> mailbox.offer(new Command.LaneGained(lane, epoch)));
    drive();
  }

  @AfterEach
  void release() {
    leases.release(lanes);
  }

  private LaneWriter writer(Mailbox box, Recorder recorder) {
    return new LaneWriter(
        replica,
        new LaneWriter.Ports(
            recorder, new PgStore(PgFixture.pool()), recorder, recorder, () -> now),
        box,
        TestPolicies::standard,
        recorder,
        LaneWriter.Pace.DEFAULT);
  }

  private void drive() {
    for (int i = 0; i < 50; i++) {
      if (writer.turn() == LaneWriter.Turn.IDLE) {
        return;
      }
    }
    throw new AssertionError("no rest after 50 turns: " + said.failures);
  }

  private String operation() {
    return "op-" + namespace + "-" + ++operations;
  }

  private void deliver(InboxMessage message) {
    deliver(message, lane(message), ++sequence);
  }

  private void deliver(InboxMessage message, Lane lane, long at) {
    mailbox.offer(
        new Command.Delivery(lane, lanes.get(lane), "life-" + namespace, at, Json.write(message)));
  }

  private static Lane lane(InboxMessage message) {
    return message.attemptId() != null
        ? message.attemptId().lane()
        : Lane.of(message.namespace(), message.runId(), 16);
  }

  private Outcome outcome(InboxMessage message) {
    deliver(message);
    drive();
    return said.outcomes.get(message.operationId());
  }

  private Outcome submit(RunId runId, int tasks) {
    return outcome(Messages.submit(operation(), namespace, runId, Messages.chain(runId, tasks)));
  }

  private List<Claim.GrantedTask> claim(String claimId, int maxTasks) {
    mailbox.offer(
        new Command.ClaimAsked(
            Messages.claim(namespace, claimId, maxTasks, now + 10_000), claimId));
    drive();
    return said.claims.get(claimId);
  }

  private Outcome pass(Claim.GrantedTask task, Claim.Request next) {
    TaskResult result = Messages.pass(task.taskId());
    return outcome(Messages.report(operation(), namespace, task, result, next));
  }

  @Test
  void aRowNamesTheOperationThatBroughtItAndARepeatNamesTheFirst() {
    RunId runId = new RunId("run-1");
    InboxMessage first = Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1));
    InboxMessage again = Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1));
    InboxMessage other = Messages.submit(operation(), namespace, runId, Messages.chain(runId, 2));
    InboxMessage cancel = Messages.cancel(operation(), namespace, runId);
    List.of(first, again, other, cancel).forEach(this::deliver);
    drive();

    assertThat(
            PgFixture.query(
                "SELECT envelope::json #>> '{payload,context,operation_id}' FROM journal"
                    + " WHERE namespace = $1 AND kind = 'INPUT' ORDER BY sequence",
                namespace.value()))
        .extracting(row -> row.getString(0))
        .containsExactly(first.operationId(), cancel.operationId());
    assertThat(
            PgFixture.query(
                "SELECT operation_id, kind, run_id, repeats, key_derived, body_fingerprint"
                    + " FROM operation WHERE namespace = $1 ORDER BY operation_id",
                namespace.value()))
        .extracting(row -> List.of(row.getString(0), row.getString(1), row.getString(2)))
        .containsExactly(
            List.of(first.operationId(), "SUBMIT_RUN", "run-1"),
            List.of(again.operationId(), "SUBMIT_RUN", "run-1"),
            List.of(other.operationId(), "SUBMIT_RUN", "run-1"),
            List.of(cancel.operationId(), "CANCEL_RUN", "run-1"));
    assertThat(
            PgFixture.query(
                "SELECT operation_id FROM operation WHERE namespace = $1 AND repeats = $2"
                    + " ORDER BY operation_id",
                namespace.value(),
                first.operationId()))
        .extracting(row -> row.getString(0))
        .containsExactly(again.operationId(), other.operationId());
  }

  @Test
  void aRunOfThreeTasksIsPromotedAndItsJournalIsGaplessAndChained() {
    RunId runId = new RunId("run-1");
    assertThat(submit(runId, 3).status()).isEqualTo(201);
    Claim.GrantedTask task = claim("c-0", 1).getFirst();
    for (int i = 1; i <= 2; i++) {
      Outcome outcome = pass(task, Messages.claim(namespace, "c-" + i, 1, now));
      assertThat(outcome.status()).isEqualTo(200);
      task = Json.read(outcome.body().get("tasks").get(0), Claim.GrantedTask.class);
    }
    Outcome last = pass(task, null);

    assertThat(last.body().get("run_status").asText()).isEqualTo(RunStatus.PROMOTED.name());
    String runUid =
        PgFixture.query("SELECT run_uid FROM run WHERE namespace = $1", namespace.value())
            .getFirst()
            .getString(0);
    assertThat(
            PgFixture.query(
                "SELECT sequence FROM journal WHERE run_uid = $1 ORDER BY sequence", runUid))
        .extracting(row -> row.getLong(0))
        .containsExactlyElementsOf(sequencesTo(last.position().sequence()));
    String previous = JournalRow.GENESIS;
    for (JournalRow row : said.published.get(Lane.of(namespace, runId, 16))) {
      if (row.namespace().equals(namespace)) {
        assertThat(row.prevHash()).isEqualTo(previous);
        assertThat(row.hashHolds()).isTrue();
        previous = row.hash();
      }
    }
    assertThat(PgFixture.count("SELECT count(*) FROM run WHERE head_hash = $1", previous)).isOne();
  }

  private static List<Long> sequencesTo(long last) {
    return java.util.stream.LongStream.rangeClosed(1, last).boxed().toList();
  }

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
  void theSameSubmissionIsAnsweredTheSameAndAnotherBodyIsAConflict() {
    RunId runId = new RunId("run-4");
    Outcome first = submit(runId, 2);
    Outcome again = submit(runId, 2);
    Outcome other = submit(runId, 1);

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).hasToString(first.body().toString());
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.reasonCode().value()).isEqualTo("RUN.ID_CONFLICT");
    assertThat(PgFixture.count("SELECT count(*) FROM run WHERE namespace = $1", namespace.value()))
        .isOne();
  }

  @Test
  void aRejectedSubmissionLeavesItsRunIdFreeForACorrectedBody() {
    RunId runId = new RunId("run-14");
    JsonNode cyclic = Messages.cycle(runId);
    Outcome rejected = outcome(Messages.submit(operation(), namespace, runId, cyclic));
    Outcome again = outcome(Messages.submit(operation(), namespace, runId, cyclic));
    Outcome corrected = submit(runId, 2);
    Outcome repeat = submit(runId, 2);
    Outcome late = outcome(Messages.submit(operation(), namespace, runId, cyclic));

    assertThat(rejected.status()).isEqualTo(422);
    assertThat(again).usingRecursiveComparison().ignoringFields("operationId").isEqualTo(rejected);
    assertThat(corrected.status()).isEqualTo(201);
    assertThat(repeat.body()).hasToString(corrected.body().toString());
    assertThat(late.reasonCode()).isEqualTo(Outcomes.RUN_ID_CONFLICT);
  }

  @Test
  void aRejectedSubmissionAndItsCorrectionMayMeetInOneBatch() {
    RunId runId = new RunId("run-15");
    InboxMessage rejected = Messages.submit(operation(), namespace, runId, Messages.cycle(runId));
    InboxMessage corrected =
        Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1));
    deliver(rejected);
    deliver(corrected);
    drive();

    assertThat(said.outcomes.get(rejected.operationId()).status()).isEqualTo(422);
    assertThat(said.outcomes.get(corrected.operationId()).status()).isEqualTo(201);
  }

  @Test
  void theFirstAnswerToAKeyTheClientChoseStandsWhateverItWas() {
    RunId runId = new RunId("run-16");
    String key = "key-" + namespace;
    InboxMessage cyclic = Messages.submit(operation(), namespace, runId, Messages.cycle(runId));
    Outcome rejected = outcome(Messages.chosenKey(cyclic, key));
    Outcome repeat =
        outcome(
            Messages.chosenKey(
                Messages.submit(operation(), namespace, runId, Messages.cycle(runId)), key));
    Outcome other =
        outcome(
            Messages.chosenKey(
                Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1)), key));

    assertThat(rejected.status()).isEqualTo(422);
    assertThat(repeat).usingRecursiveComparison().ignoringFields("operationId").isEqualTo(rejected);
    assertThat(other.reasonCode()).isEqualTo(Outcomes.IDEMPOTENCY_CONFLICT);
    assertThat(submit(runId, 1).status()).isEqualTo(201);
  }

  @Test
  void theSameMessagePublishedTwiceIsDecidedOnce() {
    RunId runId = new RunId("run-17");
    InboxMessage cyclic = Messages.submit(operation(), namespace, runId, Messages.cycle(runId));
    Outcome first = outcome(cyclic);
    assertThat(submit(runId, 1).status()).isEqualTo(201);

    assertThat(outcome(cyclic)).usingRecursiveComparison().isEqualTo(first);
  }

  @Test
  void aRejectedResultMayBeCorrectedAndTheAcceptedOneStands() {
    submit(new RunId("run-18"), 1);
    Claim.GrantedTask task = claim("c", 1).getFirst();
    TaskId otherTask = new TaskId("another");
    Outcome rejected =
        outcome(Messages.report(operation(), namespace, task, Messages.pass(otherTask), null));
    Outcome accepted = pass(task, null);
    Outcome repeat = pass(task, null);
    Outcome other =
        outcome(Messages.report(operation(), namespace, task, Messages.pass(otherTask), null));

    assertThat(rejected.status()).isEqualTo(422);
    assertThat(accepted.status()).isEqualTo(200);
    assertThat(repeat.body()).hasToString(accepted.body().toString());
    assertThat(other.reasonCode()).isEqualTo(Outcomes.IDEMPOTENCY_CONFLICT);
  }

  @Test
  void aRedeliveredMessageIsSkipped() {
    RunId runId = new RunId("run-5");
    InboxMessage message = Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1));
    deliver(message);
    deliver(message, lane(message), sequence);
    drive();

    assertThat(
            PgFixture.count(
                "SELECT count(*) FROM operation WHERE namespace = $1", namespace.value()))
        .isOne();
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
  void anUnknownAttemptIsNotFound() {
    submit(new RunId("run-8"), 1);
    Claim.GrantedTask task = claim("c", 1).getFirst();
    InboxMessage foreign =
        Messages.report(
            operation(), new NamespaceId("other"), task, Messages.pass(task.taskId()), null);

    assertThat(outcome(foreign).reasonCode()).isEqualTo(Outcomes.ATTEMPT_NOT_FOUND);
  }

  @Test
  void unreadableBytesAndTextThatCannotBeStoredAreSetAsideAndTheLaneGoesOn() {
    RunId runId = new RunId("run-9");
    Lane lane = Lane.of(namespace, runId, 16);
    mailbox.offer(
        new Command.Delivery(
            lane, lanes.get(lane), "life-" + namespace, ++sequence, new byte[] {1}));
    String unstorable = "op\u0000" + namespace;
    deliver(
        Messages.submit(unstorable, namespace, runId, Messages.chain(runId, 1)), lane, ++sequence);

    assertThat(submit(runId, 1).status()).isEqualTo(201);
    assertThat(said.outcomes.get(unstorable).reasonCode()).isEqualTo(Outcomes.POISON);

    assertThat(
            PgFixture.count(
                "SELECT count(*) FROM poison WHERE inbox_incarnation = $1", "life-" + namespace))
        .isEqualTo(2);
  }

  @Test
  void theSenderOfAMessageThatTheStoreRefusesIsToldAndItsOperationKeepsTheAnswer() {
    RunId runId = new RunId("run-19");
    RunId other = new RunId("run-20");
    InboxMessage message =
        Messages.hmacKey(
            Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1)), "k\u0000");
    InboxMessage neighbour =
        Messages.submit(operation(), namespace, other, Messages.chain(other, 1));
    deliver(message);
    deliver(neighbour);
    drive();

    assertThat(said.outcomes.get(message.operationId()).reasonCode()).isEqualTo(Outcomes.POISON);
    assertThat(said.outcomes.get(neighbour.operationId()).status()).isEqualTo(201);
    assertThat(
            PgFixture.count(
                "SELECT count(*) FROM operation WHERE operation_id = $1 AND outcome LIKE $2",
                message.operationId(),
                "%INTERNAL.POISON%"))
        .isOne();
  }

  @Test
  void aWriterWhoseEpochIsOverWritesNothing() {
    Map<Lane, Long> taken = leases.take(replica, 16, true, 60_000);
    assertThat(taken).hasSize(16);

    RunId runId = new RunId("run-10");
    deliver(Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1)));
    drive();
    lanes = taken;

    assertThat(PgFixture.count("SELECT count(*) FROM run WHERE namespace = $1", namespace.value()))
        .isZero();
    assertThat(said.reading).isEmpty();
    assertThat(writer.lanesOwned()).isZero();
  }

  @Test
  void aNewWriterContinuesWhereTheOldOneStopped() {
    submit(new RunId("run-11"), 2);
    Claim.GrantedTask task = claim("c", 1).getFirst();
    lanes = leases.take(replica, 16, true, 60_000);
    Recorder other = new Recorder();
    LaneWriter successor = writer(mailbox, other);
    writer = successor;
    lanes.forEach((lane, epoch) -> mailbox.offer(new Command.LaneGained(lane, epoch)));
    InboxMessage report =
        Messages.report(operation(), namespace, task, Messages.pass(task.taskId()), null);
    deliver(report);
    drive();

    assertThat(other.outcomes.get(report.operationId()).status()).isEqualTo(200);
    assertThat(other.reading).hasSize(16);
    assertThat(other.hints).anyMatch(hint -> hint.namespace().equals(namespace));
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
  void aRedriveRunsWhatWasGivenUpAndIsMetByItsRepeats() {
    RunId old = new RunId("run-13");
    Input.Redrive asked = redriveOf(old, "fixed");
    RunId next = new RunId("run-13.r1");

    Outcome started = redrive(next, old, asked);
    assertThat(started.status()).isEqualTo(201);
    assertThat(started.body().get("run_id").asText()).isEqualTo(next.value());
    List<Claim.GrantedTask> granted = claim("again", 9);
    assertThat(granted).extracting(task -> task.taskId().value()).containsExactly("run-13-t2");
    assertThat(redrive(next, old, withComment(asked, "hurry")).reasonCode())
        .isEqualTo(Outcomes.REDRIVE_UNDER_WAY);
    Outcome last = pass(granted.getFirst(), null);

    assertThat(last.body().get("run_status").asText()).isEqualTo(RunStatus.PROMOTED.name());
    assertThat(redrive(next, old, asked).body()).hasToString(started.body().toString());
    assertThat(redrive(next, old, withComment(asked, "once more")).reasonCode())
        .isEqualTo(Outcomes.REDRIVE_PROMOTED);
    assertThat(
            PgFixture.query(
                    "SELECT redrive_of FROM run WHERE namespace = $1 AND redrive_of IS NOT NULL",
                    namespace.value())
                .getFirst()
                .getString(0))
        .isEqualTo(old.value());
  }

  private Outcome redrive(RunId next, RunId old, Input.Redrive redrive) {
    return outcome(
        Messages.redrive(operation(), namespace, next, old, Messages.chain(old, 2), redrive));
  }

  private static Input.Redrive withComment(Input.Redrive r, String comment) {
    return new Input.Redrive(
        r.runUid(),
        r.submitters(),
        r.reasonCode(),
        comment,
        r.deadLetters(),
        r.carried(),
        r.evidence());
  }

  /** A run whose first task passes and whose second one is given up. */
  private Input.Redrive redriveOf(RunId runId, String comment) {
    submit(runId, 2);
    TaskResult passed = Messages.pass(claim("first", 1).getFirst().taskId());
    pass(said.claims.get("first").getFirst(), null);
    TaskId second = new TaskId(runId + "-t2");
    for (int attempt = 1; attempt <= 3; attempt++) {
      Claim.GrantedTask task = claim("second-" + attempt, 1).getFirst();
      outcome(Messages.report(operation(), namespace, task, Messages.lost(second), null));
      now += 10_000;
      outcome(Messages.retryDue(operation(), namespace, runId, second, attempt + 1));
    }
    RunUid runUid =
        new RunUid(
            PgFixture.query("SELECT run_uid FROM run WHERE namespace = $1", namespace.value())
                .getFirst()
                .getString(0));
    return new Input.Redrive(
        runUid,
        List.of("alice"),
        new ReasonCode("OPERATOR.REDRIVE"),
        comment,
        List.of(new Input.DeadLetter(second, runUid + "-30")),
        List.of(passed),
        null);
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
