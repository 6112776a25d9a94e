package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the lane writer answers, first and to repeats. */
class WriterAnswersTest extends DrivenWriter {
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
  void anUnknownAttemptIsNotFound() {
    submit(new RunId("run-8"), 1);
    Claim.GrantedTask task = claim("c", 1).getFirst();
    InboxMessage foreign =
        Messages.report(
            operation(), new NamespaceId("other"), task, Messages.pass(task.taskId()), null);

    assertThat(outcome(foreign).reasonCode()).isEqualTo(Outcomes.ATTEMPT_NOT_FOUND);
  }
}
