package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.statecontroller.adapter.db.PgLaneLeases;
import dev.dome.statecontroller.adapter.db.PgStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The lane writer on a real PostgreSQL, driven turn by turn on the test's thread. */
abstract class DrivenWriter {
  final NamespaceId namespace =
      new NamespaceId("ns-" + UUID.randomUUID().toString().substring(0, 8));
  Recorder said = new Recorder();
  final String replica = "r-" + UUID.randomUUID();
  final PgLaneLeases leases = new PgLaneLeases(PgFixture.pool());
  final Mailbox mailbox = new Mailbox(10_000, 1 << 26);
  Map<Lane, Long> lanes;
  long now = 1_800_000_000_000L;
  long sequence;
  int operations;
  LaneWriter writer;

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

  LaneWriter writer(Mailbox box, Recorder recorder) {
    return new LaneWriter(
        replica,
        new LaneWriter.Ports(
            recorder, new PgStore(PgFixture.pool()), recorder, recorder, recorder, () -> now),
        box,
        TestPolicies::standard,
        recorder,
        LaneWriter.Pace.DEFAULT);
  }

  void drive() {
    for (int i = 0; i < 50; i++) {
      if (writer.turn() == LaneWriter.Turn.IDLE) {
        return;
      }
    }
    throw new AssertionError("no rest after 50 turns: " + said.failures);
  }

  String operation() {
    return "op-" + namespace + "-" + ++operations;
  }

  void deliver(InboxMessage message) {
    deliver(message, lane(message), ++sequence);
  }

  void deliver(InboxMessage message, Lane lane, long at) {
    mailbox.offer(
        new Command.Delivery(
            lane, said.readers.get(lane), "life-" + namespace, at, Json.write(message)));
  }

  static Lane lane(InboxMessage message) {
    return message.attemptId() != null
        ? message.attemptId().lane()
        : Lane.of(message.namespace(), message.runId(), 16);
  }

  Outcome outcome(InboxMessage message) {
    deliver(message);
    drive();
    return said.outcomes.get(message.operationId());
  }

  Outcome submit(RunId runId, int tasks) {
    return outcome(Messages.submit(operation(), namespace, runId, Messages.chain(runId, tasks)));
  }

  List<Claim.GrantedTask> claim(String claimId, int maxTasks) {
    mailbox.offer(
        new Command.ClaimAsked(
            Messages.claim(namespace, claimId, maxTasks, now + 10_000), claimId));
    drive();
    return said.claims.get(claimId);
  }

  Outcome pass(Claim.GrantedTask task, Claim.Request next) {
    TaskResult result = Messages.pass(task.taskId());
    return outcome(Messages.report(operation(), namespace, task, result, next));
  }
}
