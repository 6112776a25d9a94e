package dev.dome.statecontroller.application;

import static org.awaitility.Awaitility.await;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** The lane writer on a store under test, driven turn by turn on the test's thread. */
abstract class WriterContract {
  final NamespaceId namespace =
      new NamespaceId("ns-" + UUID.randomUUID().toString().substring(0, 8));
  final StoreUnderTest subject;
  Recorder said = new Recorder();
  Map<Lane, Long> lanes;
  long now = 1_800_000_000_000L;
  private Mailbox mailbox = new Mailbox(10_000, 1 << 26);
  private long sequence;
  private int operations;
  private LaneWriter writer;

  WriterContract(StoreUnderTest.Kind kind) {
    this.subject = kind.subject();
  }

  @BeforeEach
  void own() {
    said = new Recorder();
    mailbox = new Mailbox(10_000, 1 << 26);
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

  /** What waits in the mailbox until the next turn, which takes all of it in one batch. */
  void waiting(Command command) {
    mailbox.offer(command);
  }

  void deliver(InboxMessage message, Lane lane) {
    waiting(
        new Command.Delivery(
            lane, said.readers.get(lane), "life-" + namespace, ++sequence, Json.write(message)));
  }

  void submit(RunId runId) {
    deliver(
        Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1)),
        Lane.of(namespace, runId, 16));
  }

  void submitAll(int runs) {
    for (int i = 0; i < runs; i++) {
      submit(new RunId("run-" + i));
    }
    drive();
  }

  List<Claim.GrantedTask> claim(String claimId, int maxTasks) {
    String id = claimId + "-" + namespace;
    waiting(new Command.ClaimAsked(Messages.claim(namespace, id, maxTasks, now + 600_000), id));
    drive();
    return said.claims.get(id);
  }

  List<Claim.GrantedTask> answered(String claimId) {
    return said.claims.get(claimId + "-" + namespace);
  }

  void pass(Claim.GrantedTask task) {
    TaskResult result = Messages.pass(task.taskId());
    deliver(Messages.report(operation(), namespace, task, result, null), task.attemptId().lane());
    drive();
  }
}
