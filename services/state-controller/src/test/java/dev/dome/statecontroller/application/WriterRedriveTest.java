package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.Input;
import dev.dome.kernel.RunStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A redrive is a run that carries what passed. */
class WriterRedriveTest extends DrivenWriter {
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
}
