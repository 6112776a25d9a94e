package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may still speak for an attempt, and what it is told, on each store. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class AttemptsTest {
  private static final long SWEEP_MS = LaneWriter.Pace.DEFAULT.sweepEveryMs();
  private static final RunId RUN = new RunId("run-1");

  private final NamespaceId namespace =
      new NamespaceId("ns-" + UUID.randomUUID().toString().substring(0, 8));
  private final StoreUnderTest subject;
  private final Recorder said = new Recorder();
  private final Mailbox mailbox = new Mailbox(10_000, 1 << 26);
  private Map<Lane, Long> lanes;
  private long now = 1_800_000_000_000L;
  private long sequence;
  private int operations;
  private LaneWriter writer;

  AttemptsTest(StoreUnderTest.Kind kind) {
    this.subject = kind.subject();
  }

  @BeforeEach
  void own() {
    writer =
        new LaneWriter(
            "r-" + namespace,
            new LaneWriter.Ports(said, subject.store(), said, said, said, () -> now),
            mailbox,
            TestPolicies::standard,
            said,
            LaneWriter.Pace.DEFAULT);
    lanes = await().until(subject::takeOver, taken -> taken.size() == 16);
    lanes.forEach((lane, epoch) -> mailbox.offer(new Command.LaneGained(lane, epoch)));
    drive();
    deliver(Messages.submit(operation(), namespace, RUN, Messages.chain(RUN, 2)));
    drive();
  }

  @Test
  void whoHeldATaskUntilItsRunWasCancelledIsToldToStop() {
    Claim.GrantedTask task = claim("c");
    cancel();
    drive();
    now += 1_000;

    assertThat(heartbeat(task, task.fence()))
        .returns(200, Claim.HeartbeatReply::status)
        .returns(List.of("CANCEL"), Claim.HeartbeatReply::directives)
        .returns(Timestamps.format(now), Claim.HeartbeatReply::leaseExpiresAt);
    assertThat(heartbeat(task, task.fence() - 1))
        .returns(409, Claim.HeartbeatReply::status)
        .returns(List.of(), Claim.HeartbeatReply::directives)
        .returns(Outcomes.ATTEMPT_FENCED, Claim.HeartbeatReply::reasonCode);
  }

  @Test
  void aSignOfLifeThatComesTogetherWithTheCancellationIsToldToStop() {
    Claim.GrantedTask task = claim("c");
    cancel();

    assertThat(heartbeat(task, task.fence()).directives()).containsExactly("CANCEL");
  }

  @Test
  void whoLostATaskBeforeItsRunWasCancelledStaysFenced() {
    Claim.GrantedTask reported = claim("a");
    assertThat(outcome(report(reported, null)).status()).isEqualTo(200);
    Claim.GrantedTask expired = claim("b");
    long grantedAt = now;
    while (now < grantedAt + 31_000) {
      now += SWEEP_MS;
      drive();
    }
    Claim.GrantedTask current = claim("c");
    assertThat(current.taskId()).isEqualTo(expired.taskId());
    cancel();
    drive();

    assertThat(heartbeat(reported, reported.fence()).status()).isEqualTo(409);
    assertThat(heartbeat(expired, expired.fence()).status()).isEqualTo(409);
    assertThat(heartbeat(current, current.fence()).directives()).containsExactly("CANCEL");
  }

  @Test
  void anAttemptOfAnotherRunThanItsReportNamesIsNotFound() {
    Claim.GrantedTask task = claim("c");

    assertThat(outcome(report(task, new RunId("run-2"))).reasonCode())
        .isEqualTo(Outcomes.ATTEMPT_NOT_FOUND);
    assertThat(outcome(report(task, RUN)).status()).isEqualTo(200);
  }

  @Test
  void leasesGainATermAfterAnOutage() {
    Claim.GrantedTask task = claim("first");
    now += 60_000;
    drive();

    assertThat(outcome(report(task, null)).status()).isEqualTo(200);
  }

  @Test
  void aTaskWithAHeartbeatTimeoutIsHeldByThatTerm() {
    RunId run = new RunId("run-2");
    JsonNode document = Messages.chain(run, 1);
    ((ObjectNode) document.get("tasks").get(0))
        .put("priority", 9)
        .put("heartbeat_timeout_seconds", 4);
    deliver(Messages.submit(operation(), namespace, run, document));
    drive();
    Claim.GrantedTask task = claim("silent");
    now += 3_000;
    Claim.HeartbeatReply alive = heartbeat(task, task.fence());
    now += 4_001;
    drive();

    Claim.GrantedTask again = claim("relief");

    assertThat(alive.leaseExpiresAt()).isEqualTo(Timestamps.format(now - 1));
    assertThat(again.taskId()).isEqualTo(task.taskId());
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(heartbeat(task, task.fence()).status()).isEqualTo(409);
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
    Lane lane =
        message.attemptId() != null
            ? message.attemptId().lane()
            : Lane.of(namespace, message.runId(), 16);
    mailbox.offer(
        new Command.Delivery(
            lane, said.readers.get(lane), "life-" + namespace, ++sequence, Json.write(message)));
  }

  private Outcome outcome(InboxMessage message) {
    deliver(message);
    drive();
    return said.outcomes.get(message.operationId());
  }

  private void cancel() {
    deliver(Messages.cancel(operation(), namespace, RUN));
  }

  private Claim.GrantedTask claim(String name) {
    String id = name + "-" + namespace;
    mailbox.offer(new Command.ClaimAsked(Messages.claim(namespace, id, 1, now + 10_000), id));
    drive();
    return said.claims.get(id).getFirst();
  }

  private Claim.HeartbeatReply heartbeat(Claim.GrantedTask task, long fence) {
    mailbox.offer(
        new Command.HeartbeatAsked(
            new Claim.Heartbeat(namespace, task.attemptId(), fence, null, Messages.WORKER, null),
            "heartbeat"));
    drive();
    return said.heartbeats.get("heartbeat");
  }

  /**
   * A report of success.
   *
   * @param runId the run it says it is about, or null
   */
  private InboxMessage report(Claim.GrantedTask task, RunId runId) {
    InboxMessage report =
        Messages.report(operation(), namespace, task, Messages.pass(task.taskId()), null);
    return new InboxMessage(
        report.operationId(),
        report.kind(),
        report.namespace(),
        runId,
        report.attemptId(),
        report.actor(),
        report.idempotency(),
        report.receivedAtMs(),
        report.traceparent(),
        report.replyTo(),
        report.body());
  }
}
