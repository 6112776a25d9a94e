package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Actor;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedriveTest {

  @Test
  void onlyWhatFailedAndWhatDependsOnItRunsAgain() {
    RunScript old = givenUp(null);
    RunScript run = RunScript.redriveOf(old);
    assertThat(run.topics())
        .containsExactly(
            "input.submit_run",
            "plan.wave.created",
            "task.redriven",
            "task.result",
            "task.assigned");
    assertThat(run.task("a").status()).isEqualTo(TaskStatus.GATED);
    assertThat(run.task("a").result()).isEqualTo(old.task("a").result());
    assertThat(run.state().dispatchable())
        .extracting(t -> t.plan().taskId().value())
        .containsExactly("b");
    assertThat(run.task("b").attempt()).isEqualTo(1);
    run.claimAndPass("b").claimAndPass("c");
    assertThat(run.state().status()).isEqualTo(RunStatus.PROMOTED);
    assertThat(run.state().redriveOf()).isEqualTo(old.state().runId());
  }

  @Test
  void theRedriveNamesTheDeadLetterThatTheOldRunLeft() {
    RunScript old = givenUp(null);
    Event.TaskRedriven redriven =
        RunScript.redriveOf(old).events().stream()
            .filter(Event.TaskRedriven.class::isInstance)
            .map(Event.TaskRedriven.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(redriven.taskId()).isEqualTo(new TaskId("b"));
    assertThat(redriven.redriveOfUid()).isEqualTo(old.state().runUid());
    assertThat(redriven.deadLetterId())
        .isEqualTo(RunScript.deadLetters(old).getFirst().deadLetterId());
    assertThat(redriven.actor()).isEqualTo("olga");
  }

  @Test
  void whoAskedForTheOldRunMayNotApproveTheNewOne() {
    RunScript run = RunScript.redriveOf(givenUp(72)).claimAndPass("b").claimAndPass("c");
    assertThat(run.state().status()).isEqualTo(RunStatus.AWAITING_APPROVAL);
    Actor alice = new Actor("alice", List.of("approver"));
    for (Actor involved : List.of(alice, RunScript.OPERATOR)) {
      run.decide(Verdict.APPROVE, involved);
      assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.POLICY_SELF_APPROVAL);
    }
    run.decide(Verdict.APPROVE, RunScript.APPROVER);
    assertThat(run.state().status()).isEqualTo(RunStatus.PROMOTED);
  }

  @Test
  void resultsThatCannotBeThoseOfTheOldRunAreRefused() {
    Input.SubmitRun fitting = RunScript.redriveInput(givenUp(null));
    TaskResult a = fitting.redrive().carried().getFirst();
    List<Input.DeadLetter> dead = fitting.redrive().deadLetters();
    RunId of = fitting.redriveOf();
    assertMismatch(of, with(fitting, dead, List.of(a, result("c", ResultStatus.PASS))));
    assertMismatch(of, with(fitting, dead, List.of(a, result("stranger", ResultStatus.PASS))));
    assertMismatch(of, with(fitting, dead, List.of(result("a", ResultStatus.FAIL))));
    assertMismatch(of, with(fitting, dead, List.of(a, result("b", ResultStatus.PASS))));
    assertMismatch(of, with(fitting, dead, List.of(a, a)));
    assertMismatch(of, with(fitting, List.of(), List.of(a)));
    assertMismatch(null, with(fitting, dead, List.of(a)));
  }

  private static void assertMismatch(RunId redriveOf, Input.SubmitRun input) {
    Input.SubmitRun submission =
        new Input.SubmitRun(
            input.runUid(),
            input.namespace(),
            redriveOf == null ? new RunId("queue-run") : input.runId(),
            input.lane(),
            input.sourceKind(),
            input.document(),
            input.documentSha256(),
            input.profile(),
            redriveOf,
            input.redrive(),
            input.constraints());
    RunScript run = new RunScript().submitRedrive(submission);
    assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.REDRIVE_MISMATCH);
    assertThat(run.rows()).isEmpty();
  }

  private static Input.SubmitRun with(
      Input.SubmitRun input, List<Input.DeadLetter> dead, List<TaskResult> carried) {
    Input.Redrive r = input.redrive();
    return new Input.SubmitRun(
        input.runUid(),
        input.namespace(),
        input.runId(),
        input.lane(),
        input.sourceKind(),
        input.document(),
        input.documentSha256(),
        input.profile(),
        input.redriveOf(),
        new Input.Redrive(
            r.runUid(), r.submitters(), r.reasonCode(), r.comment(), dead, carried, null),
        input.constraints());
  }

  private static TaskResult result(String taskId, ResultStatus status) {
    return RunScript.result(taskId, status, null, null, null);
  }

  /** Of a, then b, then c: a passes, b is given up, c is blocked. */
  private static RunScript givenUp(Integer riskOfA) {
    RunScript run = RunScript.ofWorkQueue(2, task("a"), task("b", "a"), task("c", "b"));
    run.claim("a").report("a", RunScript.result("a", ResultStatus.PASS, null, riskOfA, null));
    for (int attempt = 1; attempt <= 3; attempt++) {
      run.claim("b").fail("b", "TRANSIENT.NETWORK");
      if (attempt < 3) {
        run.retryDue("b");
      }
    }
    return run;
  }
}
