package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.Actor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {

  @Test
  void aSubmissionPlansTheRunAndAssignsItsFirstTask() {
    RunScript run = RunScript.ofPreContract("pay-1");
    assertThat(run.topics())
        .containsExactly("input.submit_run", "plan.wave.created", "task.assigned");
    assertThat(run.state().status()).isEqualTo(RunStatus.RUNNING);
    assertThat(run.state().sequence()).isEqualTo(3);
    assertThat(run.state().maxWorkers()).isEqualTo(2);
    assertThat(run.state().deadlineAtMs()).isEqualTo(RunScript.START_MS + 30 * 60_000);
    assertThat(run.state().dispatchable())
        .extracting(t -> t.plan().taskId().value())
        .containsExactly("pay-1-plan");
  }

  @Test
  void aRunWhoseTasksAllPassIsPromoted() {
    RunScript run =
        RunScript.ofPreContract("pay-1").claimAndPass("pay-1-plan").claimAndPass("pay-1-implement");
    run.claim("pay-1-verify").pass("pay-1-verify");
    assertThat(run.topics())
        .containsExactly(
            "input.report_result",
            "task.result.raw",
            "task.result",
            "gate.requested",
            "gate.verdict",
            "promotion.decision",
            "run.completed");
    assertThat(run.state().status()).isEqualTo(RunStatus.PROMOTED);
    assertThat(run.state().gate().status()).isEqualTo(Verdict.APPROVE);
    assertThat(run.state().gate().confidence()).isEqualTo(0.9);
    assertThat(run.state().gate().riskScore()).isEqualTo(20);
    assertThat(run.state().tasks()).extracting(TaskState::status).containsOnly(TaskStatus.DONE);
    assertThat(run.last().effects()).hasOnlyElementsOfType(Effect.EndLease.class).hasSize(1);
  }

  @Test
  void theGateNamesTheSpanOfItsOwnRow() {
    RunScript run = RunScript.ofWorkQueue(1, task("only")).claimAndPass("only");
    long verdictSequence =
        run.rows().stream()
            .filter(r -> r.envelope().topic().equals("gate.verdict"))
            .findFirst()
            .orElseThrow()
            .envelope()
            .sequence();
    assertThat(run.state().gate().telemetryRef().spanIdHex())
        .isEqualTo(run.state().runUid().spanId(verdictSequence));
    assertThat(run.state().gate().telemetryRef().traceIdHex()).isEqualTo(run.state().traceIdHex());
  }

  @Test
  void theFenceOfAClaimIsTheSequenceOfItsOwnRow() {
    RunScript run = RunScript.ofPreContract("pay-1").claim("pay-1-plan");
    assertThat(run.topics()).containsExactly("input.claim_task", "task.claimed");
    assertThat(run.task("pay-1-plan").fence()).isEqualTo(5).isEqualTo(run.state().sequence());
    assertThat(run.task("pay-1-plan").attemptId())
        .isEqualTo(AttemptId.derive(run.state().lane(), run.state().runUid(), 5));
    Effect.GrantLease grant = (Effect.GrantLease) run.last().effects().getFirst();
    assertThat(grant.termMs()).isEqualTo(30_000);
    assertThat(grant.fence()).isEqualTo(5);
    assertThat(grant.attempt()).isEqualTo(1);
  }

  @Test
  void aSecondClaimOfTheSameTaskIsNotGranted() {
    RunScript run = RunScript.ofPreContract("pay-1").claim("pay-1-plan").claim("pay-1-plan");
    assertThat(run.rejection().reasonCode().value()).isEqualTo("TASK.NOT_DISPATCHABLE");
    assertThat(run.last().entries()).isEmpty();
  }

  @Test
  void onlyTheFirstHeartbeatStartsATask() {
    RunScript run = RunScript.ofPreContract("pay-1").claim("pay-1-plan").start("pay-1-plan");
    assertThat(run.topics()).containsExactly("input.start_task", "task.started");
    run.start("pay-1-plan");
    assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
    assertThat(run.last().state()).isSameAs(run.state());
  }

  @Test
  void aFailedVerificationRejectsTheRun() {
    RunScript run =
        RunScript.ofPreContract("pay-1").claimAndPass("pay-1-plan").claimAndPass("pay-1-implement");
    run.claim("pay-1-verify").fail("pay-1-verify", null);
    assertThat(run.state().status()).isEqualTo(RunStatus.REJECTED);
    assertThat(run.state().reasonCode().value()).isEqualTo("VERIFY.TEST_FAILURE");
    assertThat(run.state().gate().confidence()).isEqualTo(0.98);
    assertThat(run.state().gate().riskScore()).isEqualTo(95);
    assertThat(run.state().gate().substrateStatus()).isEqualTo("DENY");
    assertThat(run.task("pay-1-verify").reasonCode().value()).isEqualTo("EXEC.NONZERO_EXIT");
    assertThat(run.state().tasks()).extracting(TaskState::status).containsOnly(TaskStatus.BLOCKED);
  }

  @Test
  void aFinalFailureBlocksWhatDependsOnItAndNothingElse() {
    RunScript run =
        RunScript.ofWorkQueue(
            4, task("a"), task("b", "a"), task("c", "b"), task("d"), task("e", "d", "c"));
    run.claim("a").fail("a", "EXEC.TIMEOUT");
    assertThat(run.topics())
        .containsExactly(
            "input.report_result",
            "task.result.raw",
            "task.result",
            "task.result",
            "task.result",
            "task.result");
    assertThat(run.state().tasks())
        .extracting(TaskState::status)
        .containsExactly(
            TaskStatus.BLOCKED,
            TaskStatus.BLOCKED,
            TaskStatus.BLOCKED,
            TaskStatus.QUEUED,
            TaskStatus.BLOCKED);
    assertThat(run.task("e").reasonCode()).isEqualTo(KernelReasonCodes.DEPENDENCY_BLOCKED);
    run.claimAndPass("d");
    assertThat(run.state().status()).isEqualTo(RunStatus.REJECTED);
    assertThat(run.state().gate().reasonCodes()).containsExactly(new ReasonCode("EXEC.TIMEOUT"));
    assertThat(run.state().gate().confidence()).isEqualTo(0.95);
    assertThat(run.state().gate().riskScore()).isEqualTo(85);
  }

  @Test
  void theCauseIsNamedEvenWhenItsConsequenceComesFirstInThePlan() {
    RunScript run = RunScript.ofWorkQueue(4, task("z", "a"), task("a"));
    run.claim("a").fail("a", "EXEC.TIMEOUT");
    assertThat(run.state().reasonCode()).isEqualTo(new ReasonCode("EXEC.TIMEOUT"));
  }

  @Test
  void aTransientFailureIsTriedAgainAfterItsDelay() {
    RunScript run = RunScript.ofPreContract("pay-1").claim("pay-1-plan");
    run.fail("pay-1-plan", "TRANSIENT.TIMEOUT");
    assertThat(run.topics())
        .containsExactly("input.report_result", "task.result.raw", "task.retry.scheduled");
    TaskState task = run.task("pay-1-plan");
    assertThat(task.status()).isEqualTo(TaskStatus.QUEUED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.assigned()).isFalse();
    assertThat(task.retryDueAtMs()).isBetween(run.nowMs() + 500, run.nowMs() + 600);
    assertThat(run.state().dispatchable()).isEmpty();
    run.retryDue("pay-1-plan");
    assertThat(run.topics()).containsExactly("input.retry_due", "task.assigned");
    assertThat(run.state().dispatchable()).hasSize(1);
  }

  @Test
  void aRetryTimerThatIsEarlyOrRepeatedIsIgnored() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).claim("a");
    run.report("a", RunScript.result("a", ResultStatus.FAIL, "TRANSIENT.TIMEOUT", null, 90_000L));
    assertThat(run.task("a").retryDueAtMs()).isEqualTo(run.nowMs() + 90_000);
    Input timer = new Input.RetryDue(run.task("a").plan().taskId(), 2);
    run.after(80_000).play(timer, RunScript.SYSTEM);
    assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
    run.after(10_000).play(timer, RunScript.SYSTEM);
    assertThat(run.last().decision()).isInstanceOf(Decision.Accepted.class);
    run.play(timer, RunScript.SYSTEM);
    assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
  }

  @Test
  void aSpentBudgetEndsInADeadLetterWithTheWholeHistory() {
    RunScript run = RunScript.ofPreContract("pay-1");
    for (int retry = 1; retry <= 2; retry++) {
      run.claim("pay-1-plan").fail("pay-1-plan", "TRANSIENT.TIMEOUT").retryDue("pay-1-plan");
    }
    run.claim("pay-1-plan").fail("pay-1-plan", "TRANSIENT.NETWORK");
    assertThat(run.topics()).contains("task.dead_lettered", "run.completed");
    TaskState task = run.task("pay-1-plan");
    assertThat(task.reasonCode()).isEqualTo(KernelReasonCodes.RETRY_BUDGET_EXHAUSTED);
    assertThat(task.result().status()).isEqualTo(ResultStatus.BLOCKED);
    assertThat(task.result().attempts()).isEqualTo(3);
    Event.TaskDeadLettered dead =
        run.events().stream()
            .filter(Event.TaskDeadLettered.class::isInstance)
            .map(Event.TaskDeadLettered.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(dead.attemptHistory()).extracting(AttemptRecord::attempt).containsExactly(1, 2, 3);
    assertThat(run.state().reasonCode()).isEqualTo(KernelReasonCodes.RETRY_BUDGET_EXHAUSTED);
  }

  @Test
  void aLeaseThatEndsBeforeTheStartCostsNoAttempt() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).claim("a").expireLease("a");
    assertThat(run.topics())
        .containsExactly("input.expire_lease", "task.lease.expired", "task.assigned");
    assertThat(run.task("a").attempt()).isEqualTo(1);
    assertThat(run.task("a").history()).isEmpty();
    assertThat(run.state().dispatchable()).hasSize(1);
    assertThat(run.last().effects()).hasSize(1);
  }

  @Test
  void aLeaseThatEndsAfterTheStartCostsAnAttemptUntilTheBudgetIsSpent() {
    RunScript run = RunScript.ofWorkQueue(1, task("a"), task("b", "a"));
    run.claim("a").start("a").expireLease("a");
    assertThat(run.task("a").attempt()).isEqualTo(2);
    assertThat(run.task("a").reasonCode()).isEqualTo(KernelReasonCodes.TRANSIENT_LEASE_EXPIRED);
    run.claim("a").start("a").release("a");
    assertThat(run.task("a").attempt()).isEqualTo(3);
    assertThat(run.task("a").reasonCode()).isEqualTo(KernelReasonCodes.TRANSIENT_RELEASED);
    run.claim("a").start("a").expireLease("a");
    assertThat(run.topics())
        .containsExactly(
            "input.expire_lease",
            "task.lease.expired",
            "task.dead_lettered",
            "task.result",
            "task.result",
            "gate.requested",
            "gate.verdict",
            "promotion.decision",
            "run.completed");
    assertThat(run.task("a").history()).hasSize(3);
    assertThat(run.state().status()).isEqualTo(RunStatus.REJECTED);
  }

  @Test
  void aReportUnderAnOldFenceLeavesNoTrace() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).claim("a");
    AttemptId first = run.task("a").attemptId();
    long fence = run.task("a").fence();
    run.start("a").expireLease("a").claim("a");
    RunState before = run.state();
    Input late =
        new Input.ReportResult(
            first, fence, RunScript.result("a", ResultStatus.PASS, null, null, null));
    run.play(late, RunScript.WORKER);
    assertThat(run.rejection().kind()).isEqualTo(Rejection.Kind.CONFLICT);
    assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.ATTEMPT_FENCED);
    assertThat(run.last().entries()).isEmpty();
    assertThat(run.state()).isSameAs(before);
    run.play(new Input.ExpireLease(first, fence, 1), RunScript.SYSTEM);
    assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
  }

  @Test
  void aResultOfAnotherTaskIsRefused() {
    RunScript run = RunScript.ofWorkQueue(1, task("a"), task("b")).claim("a");
    run.report("a", RunScript.result("b", ResultStatus.PASS, null, null, null));
    assertThat(run.rejection().errors().getFirst().pointer()).isEqualTo("/task_id");
    assertThat(run.last().entries()).isEmpty();
  }

  @Test
  void noMoreTasksAreGrantedThanMaxWorkersAndNoQueueHidesAnother() {
    RunScript run =
        RunScript.ofWorkQueue(2, task("a"), task("b").in("gpu"), task("c"), task("d").in("gpu"));
    assertThat(run.state().dispatchable()).hasSize(4);
    run.claim("a").claim("d");
    assertThat(run.state().dispatchable()).isEmpty();
    run.claim("b");
    assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.TASK_NOT_DISPATCHABLE);
    run.pass("a").claim("b");
    assertThat(run.last().decision()).isInstanceOf(Decision.Accepted.class);
  }

  @Test
  void aPausedRunGrantsNothingButStillTakesResults() {
    RunScript run = RunScript.ofPreContract("pay-1").claim("pay-1-plan").pause();
    assertThat(run.state().paused()).isTrue();
    run.pass("pay-1-plan");
    assertThat(run.task("pay-1-plan").status()).isEqualTo(TaskStatus.GATED);
    assertThat(run.state().dispatchable()).isEmpty();
    run.pause();
    assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
    run.resume();
    assertThat(run.state().dispatchable()).hasSize(1);
  }

  @Test
  void cancellingEndsEveryLeaseAndBlocksEveryOpenTask() {
    RunScript run = RunScript.ofWorkQueue(3, task("a"), task("b"), task("c", "a"), task("d"));
    run.claimAndPass("d").claim("a").claim("b").start("b").cancel();
    assertThat(run.topics()).containsExactly("input.cancel_run", "run.cancelled", "run.completed");
    assertThat(run.last().effects()).hasOnlyElementsOfType(Effect.EndLease.class).hasSize(2);
    assertThat(run.state().status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(run.state().tasks())
        .allSatisfy(t -> {
          assertThat(t.status()).isEqualTo(TaskStatus.BLOCKED);
          assertThat(t.reasonCode()).isEqualTo(KernelReasonCodes.RUN_CANCELLED);
          assertThat(t.attemptId()).isNull();
        });
    run.cancel();
    assertThat(run.rejection().reasonCode().value())
        .isEqualTo("STATE.INVALID_TRANSITION.CANCELLED.CANCEL");
    assertThat(run.last().entries()).isEmpty();
  }

  @Test
  void aRunExpiresAtItsDeadlineAndNotBefore() {
    RunScript run = RunScript.ofPreContract("pay-1").claim("pay-1-plan");
    run.after(60_000).deadlineDue();
    assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
    run.after(29 * 60_000).deadlineDue();
    assertThat(run.topics())
        .containsExactly("input.run_deadline_due", "run.expired", "run.completed");
    assertThat(run.state().status()).isEqualTo(RunStatus.EXPIRED);
    assertThat(run.state().reasonCode()).isEqualTo(KernelReasonCodes.RUN_DEADLINE_EXCEEDED);
    assertThat(run.last().effects()).hasSize(1);
    run.deadlineDue();
    assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
  }

  @Test
  void aWorkQueueExpiresAfterItsTimeBudget() {
    ObjectNode document = Documents.workQueue("queue-run", 1, task("a"));
    document.putObject("budgets").put("time_minutes", 2);
    RunScript run = new RunScript().submit(Input.SourceKind.WORK_QUEUE, document);
    assertThat(run.state().deadlineAtMs()).isEqualTo(RunScript.START_MS + 120_000);
    run.after(120_000).deadlineDue();
    assertThat(run.state().status()).isEqualTo(RunStatus.EXPIRED);
    assertThat(RunScript.ofWorkQueue(1, task("a")).state().deadlineAtMs()).isNull();
  }

  @Test
  void aRiskyRunWaitsForAHumanWhoIsNotItsSubmitter() {
    RunScript run = riskyRun();
    assertThat(run.state().status()).isEqualTo(RunStatus.AWAITING_APPROVAL);
    assertThat(run.state().promotion().decision()).isEqualTo(Verdict.NEEDS_HUMAN);
    assertThat(run.state().gate().riskScore()).isEqualTo(80);
    assertThat(run.state().gate().confidence()).isEqualTo(0.7);

    run.decide(Verdict.APPROVE, new Actor("alice", List.of("approver", "submitter")));
    assertThat(run.rejection().kind()).isEqualTo(Rejection.Kind.FORBIDDEN);
    assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.POLICY_SELF_APPROVAL);
    assertThat(run.last().entries()).isEmpty();

    run.decide(Verdict.APPROVE, new Actor("mallory", List.of("operator")));
    assertThat(run.rejection().kind()).isEqualTo(Rejection.Kind.FORBIDDEN);

    run.decide(Verdict.APPROVE, RunScript.APPROVER);
    assertThat(run.topics())
        .containsExactly(
            "input.decide_approval", "approval.recorded", "promotion.decision", "run.completed");
    assertThat(run.state().status()).isEqualTo(RunStatus.PROMOTED);
    assertThat(run.state().promotion().reasonCodes())
        .containsExactly(new ReasonCode("HUMAN.RISK_ACCEPTED"));
  }

  @Test
  void aHumansRefusalRejectsTheRun() {
    RunScript run = riskyRun().decide(Verdict.REJECT, RunScript.APPROVER);
    assertThat(run.state().status()).isEqualTo(RunStatus.REJECTED);
    assertThat(run.task("a").status()).isEqualTo(TaskStatus.BLOCKED);
    assertThat(run.task("a").reasonCode()).isEqualTo(new ReasonCode("HUMAN.RISK_ACCEPTED"));
  }

  @Test
  void anAnswerMustBeWellFormedAndAboutThisGateDecision() {
    RunScript run = riskyRun();
    ReasonCode why = new ReasonCode("HUMAN.RISK_ACCEPTED");
    run.play(new Input.DecideApproval(Verdict.APPROVE, why, "ok", "0".repeat(64)), approver());
    assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.GATE_DIGEST_MISMATCH);
    run.play(new Input.DecideApproval(Verdict.APPROVE, why, " ", run.gateDigest()), approver());
    assertThat(run.rejection().errors().getFirst().pointer()).isEqualTo("/comment");
    run.play(
        new Input.DecideApproval(Verdict.NEEDS_HUMAN, why, "ok", run.gateDigest()), approver());
    assertThat(run.rejection().errors().getFirst().pointer()).isEqualTo("/decision");
    run.play(new Input.DecideApproval(Verdict.APPROVE, null, "ok", run.gateDigest()), approver());
    assertThat(run.rejection().errors().getFirst().pointer()).isEqualTo("/reason_code");
    assertThat(run.last().entries()).isEmpty();
  }

  @Test
  void aRunThatNobodyAnswersExpires() {
    RunScript run = riskyRun();
    long weekMs = 7L * 24 * 60 * 60 * 1000;
    assertThat(run.state().deadlineAtMs()).isEqualTo(run.nowMs() + weekMs);
    run.after(weekMs).deadlineDue();
    assertThat(run.state().status()).isEqualTo(RunStatus.EXPIRED);
    assertThat(run.state().reasonCode()).isEqualTo(KernelReasonCodes.APPROVAL_EXPIRED);
  }

  @Test
  void anIllegalMoveIsRecordedAndChangesNothing() {
    RunScript run = RunScript.ofWorkQueue(1, task("a"));
    RunState before = run.state();
    run.after(9).decide(Verdict.APPROVE, RunScript.APPROVER);
    assertThat(run.rejection().kind()).isEqualTo(Rejection.Kind.CONFLICT);
    assertThat(run.rejection().reasonCode().value())
        .isEqualTo("STATE.INVALID_TRANSITION.RUNNING.APPROVE");
    assertThat(run.topics()).containsExactly("input.decide_approval", "transition.rejected");
    assertThat(run.state().sequence()).isEqualTo(before.sequence() + 2);
    assertThat(run.state()).usingRecursiveComparison().ignoringFields("sequence").isEqualTo(before);
  }

  @Test
  void askingAWaitingRunToPauseIsAnIllegalMove() {
    RunScript run = riskyRun().pause();
    assertThat(run.rejection().reasonCode().value())
        .isEqualTo("STATE.INVALID_TRANSITION.AWAITING_APPROVAL.PAUSE");
    run.resume();
    assertThat(run.rejection().reasonCode().value())
        .isEqualTo("STATE.INVALID_TRANSITION.AWAITING_APPROVAL.RESUME");
  }

  private static RunScript riskyRun() {
    return RunScript.ofWorkQueue(1, task("a"))
        .claim("a")
        .report("a", RunScript.result("a", ResultStatus.PASS, null, 80, null));
  }

  private static Actor approver() {
    return RunScript.APPROVER;
  }
}
