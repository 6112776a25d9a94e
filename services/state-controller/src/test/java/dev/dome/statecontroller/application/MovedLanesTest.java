package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lanes that another replica wrote for a while, and what their former owner believes of them. */
class MovedLanesTest extends DrivenWriter {
  private final Mailbox otherMailbox = new Mailbox(10_000, 1 << 26);
  private final Recorder otherSaid = new Recorder();

  @Test
  void whatWasReadOfALaneWhileAnotherWroteItIsNotBelievedAfterItsReturn() {
    submit(new RunId("run-moved"), 2);
    Claim.GrantedTask first = claim("first", 1).getFirst();
    LaneWriter other = writer(otherMailbox, otherSaid);
    Map<Lane, Long> theirs = move(mailbox, writer, lanes, otherMailbox, other);

    askWithoutOwning(first);
    report(other, first);
    Claim.GrantedTask second = claimOf(other);
    lanes = move(otherMailbox, other, theirs, mailbox, writer);

    assertThat(pass(second, null).status()).isEqualTo(200);
  }

  private Map<Lane, Long> move(
      Mailbox from, LaneWriter loser, Map<Lane, Long> owned, Mailbox to, LaneWriter winner) {
    owned.forEach((lane, epoch) -> from.offer(new Command.LaneLost(lane, epoch)));
    drive(loser);
    leases.release(owned);
    Map<Lane, Long> taken = leases.take(replica + to.hashCode(), 16, false, 60_000);
    assertThat(taken).hasSize(16);
    taken.forEach((lane, epoch) -> to.offer(new Command.LaneGained(lane, epoch)));
    drive(winner);
    return taken;
  }

  /** A heartbeat that comes to the former owner, which reads the run to judge it. */
  private void askWithoutOwning(Claim.GrantedTask task) {
    mailbox.offer(
        new Command.HeartbeatAsked(
            new Claim.Heartbeat(
                namespace, task.attemptId(), task.fence(), null, Messages.WORKER, null),
            "astray"));
    drive();
  }

  private void report(LaneWriter owner, Claim.GrantedTask task) {
    InboxMessage message =
        Messages.report(operation(), namespace, task, Messages.pass(task.taskId()), null);
    Lane lane = lane(message);
    otherMailbox.offer(
        new Command.Delivery(
            lane, otherSaid.readers.get(lane), "other-" + namespace, 1, Json.write(message)));
    drive(owner);
    Outcome outcome = otherSaid.outcomes.get(message.operationId());
    assertThat(outcome.status()).isEqualTo(200);
  }

  private Claim.GrantedTask claimOf(LaneWriter owner) {
    otherMailbox.offer(
        new Command.ClaimAsked(Messages.claim(namespace, "second", 1, now + 10_000), "second"));
    drive(owner);
    List<Claim.GrantedTask> granted = otherSaid.claims.get("second");
    assertThat(granted).hasSize(1);
    return granted.getFirst();
  }

  private void drive(LaneWriter driven) {
    for (int i = 0; i < 50; i++) {
      if (driven.turn() == LaneWriter.Turn.IDLE) {
        return;
      }
    }
    throw new AssertionError("no rest after 50 turns: " + said.failures + otherSaid.failures);
  }
}
