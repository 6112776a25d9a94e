package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxMessage;
import org.junit.jupiter.api.Test;

/** What no lane can handle is set aside, and the lane goes on. */
class WriterPoisonTest extends DrivenWriter {
  @Test
  void unreadableBytesAndTextThatCannotBeStoredAreSetAsideAndTheLaneGoesOn() {
    RunId runId = new RunId("run-9");
    Lane lane = Lane.of(namespace, runId, 16);
    mailbox.offer(
        new Command.Delivery(
            lane, said.readers.get(lane), "life-" + namespace, ++sequence, new byte[] {1}));
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
}
