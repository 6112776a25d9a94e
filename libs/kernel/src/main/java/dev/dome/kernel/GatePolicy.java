package dev.dome.kernel;

import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The gate: what the settled tasks of a run say about it. The first rule that matches decides. */
public final class GatePolicy {
  /** A gate decision explains at most this many failed tasks. */
  private static final int MAX_NOTES = 20;

  private GatePolicy() {}

  /**
   * The decision about settled tasks.
   *
   * @param tasks every task of the run, in plan order, each with its result
   */
  public static GateDecision decide(
      PolicySet.Gate policy, RunId runId, List<TaskState> tasks, TelemetryRef telemetryRef) {
    Finding finding = find(policy, tasks);
    return new GateDecision(
        GateDecision.VERSION,
        runId,
        GateDecision.TASK_ID,
        finding.verdict(),
        finding.verdict().substrateStatus(),
        finding.reasonCodes(),
        finding.confidence(),
        finding.riskScore(),
        notes(tasks),
        telemetryRef);
  }

  private record Finding(
      Verdict verdict, List<ReasonCode> reasonCodes, double confidence, int riskScore) {}

  private static Finding find(PolicySet.Gate policy, List<TaskState> tasks) {
    if (tasks.stream().anyMatch(GatePolicy::failedVerification)) {
      return new Finding(Verdict.REJECT, List.of(KernelReasonCodes.VERIFY_TEST_FAILURE), 0.98, 95);
    }
    Optional<TaskState> failed = firstFailure(tasks);
    if (failed.isPresent()) {
      return new Finding(Verdict.REJECT, List.of(reasonOf(failed.get())), 0.95, 85);
    }
    int risk =
        tasks.stream()
            .map(t -> t.result().riskScoreHint())
            .filter(Objects::nonNull)
            .reduce(Math::max)
            .orElse(policy.defaultRiskScore());
    if (risk >= policy.riskThreshold()) {
      return new Finding(
          Verdict.NEEDS_HUMAN, List.of(KernelReasonCodes.POLICY_NEEDS_HUMAN), 0.7, risk);
    }
    return new Finding(Verdict.APPROVE, List.of(), 0.9, Math.max(policy.defaultRiskScore(), risk));
  }

  private static boolean failedVerification(TaskState task) {
    return task.plan().verify() && task.result().status() == ResultStatus.FAIL;
  }

  /**
   * The first task, in plan order, that failed by itself: one that only depended on a failed task
   * is a consequence and names no cause.
   */
  private static Optional<TaskState> firstFailure(List<TaskState> tasks) {
    List<TaskState> failed = tasks.stream().filter(GatePolicy::notPassed).toList();
    return failed.stream()
        .filter(t -> !KernelReasonCodes.DEPENDENCY_BLOCKED.equals(t.result().reasonCode()))
        .findFirst()
        .or(() -> failed.stream().findFirst());
  }

  private static boolean notPassed(TaskState task) {
    return task.result().status() != ResultStatus.PASS;
  }

  private static ReasonCode reasonOf(TaskState task) {
    ReasonCode reasonCode = task.result().reasonCode();
    return reasonCode == null ? KernelReasonCodes.EXEC_NONZERO_EXIT : reasonCode;
  }

  private static List<String> notes(List<TaskState> tasks) {
    List<TaskState> failed = tasks.stream().filter(GatePolicy::notPassed).toList();
    List<String> notes = new ArrayList<>();
    failed.stream()
        .limit(MAX_NOTES)
        .forEach(
            t -> notes.add(t.plan().taskId() + " " + t.result().status() + ": " + reasonOf(t)));
    if (failed.size() > MAX_NOTES) {
      notes.add((failed.size() - MAX_NOTES) + " more tasks did not pass");
    }
    return List.copyOf(notes);
  }
}
