package dev.dome.kernel;

import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Settles a task, then whatever that settles in turn: its dependents, the gate, the run. */
final class Settlement {
  private Settlement() {}

  /** Settles a task whose attempt has ended by the result of that attempt. */
  static void byResult(Proceedings proceedings, TaskId taskId, TaskResult reported) {
    TaskState task = proceedings.run().task(taskId);
    proceedings.record(new Event.TaskSettled(taskId, settled(task, reported)));
    if (reported.status() == ResultStatus.PASS) {
      assignSatisfied(proceedings, taskId);
    } else {
      blockDependents(proceedings, taskId);
    }
    gateWhenAllSettled(proceedings);
  }

  /**
   * Gives a task up whose budget is spent.
   *
   * @param reported the last report, or null when the last attempt ended without one
   */
  static void deadLetter(Proceedings proceedings, TaskId taskId, TaskResult reported) {
    TaskState task = proceedings.run().task(taskId);
    ReasonCode exhausted = KernelReasonCodes.RETRY_BUDGET_EXHAUSTED;
    QueueName queue = task.plan().queue();
    proceedings.record(
        new Event.TaskDeadLettered(
            taskId, exhausted, task.history(), queue.equals(Planner.DEFAULT_QUEUE) ? null : queue));
    TaskResult last = reported == null ? empty(task) : reported;
    proceedings.record(
        new Event.TaskSettled(
            taskId, settled(task, withStatus(last, ResultStatus.BLOCKED, exhausted))));
    blockDependents(proceedings, taskId);
    gateWhenAllSettled(proceedings);
  }

  /** Assigns every task of a new run that waits for nothing any more, in plan order. */
  static void assignReady(Proceedings proceedings) {
    for (TaskState task : proceedings.run().tasks()) {
      if (!task.isSettled() && satisfied(proceedings, task)) {
        assign(proceedings, task);
      }
    }
  }

  /** The reason of a result that did not pass. */
  static ReasonCode reasonOf(TaskResult result) {
    return result.reasonCode() == null ? KernelReasonCodes.EXEC_NONZERO_EXIT : result.reasonCode();
  }

  /** The end of a run that was gated, by the policy or by a human. */
  static void complete(Proceedings proceedings, PromotionDecision promotion) {
    boolean promoted = promotion.decision() == Verdict.APPROVE;
    RunStatus status = promoted ? RunStatus.PROMOTED : RunStatus.REJECTED;
    ReasonCode why =
        promoted || promotion.reasonCodes().isEmpty() ? null : promotion.reasonCodes().getFirst();
    proceedings.record(new Event.RunCompleted(status, why));
  }

  private static void assignSatisfied(Proceedings proceedings, TaskId passed) {
    List<TaskState> tasks = proceedings.run().tasks();
    for (TaskState task : tasks) {
      boolean waits = task.status() == TaskStatus.QUEUED && !task.assigned();
      if (waits && task.plan().dependencies().contains(passed) && satisfied(proceedings, task)) {
        assign(proceedings, task);
      }
    }
  }

  private static boolean satisfied(Proceedings proceedings, TaskState task) {
    return task.plan().dependencies().stream()
        .allMatch(id -> proceedings.run().task(id).isPassed());
  }

  private static void assign(Proceedings proceedings, TaskState task) {
    proceedings.record(
        new Event.TaskAssigned(task.plan().taskId(), task.attempt(), task.plan().queue()));
  }

  /** Blocks everything that depends on the task, directly or not, nearest first. */
  private static void blockDependents(Proceedings proceedings, TaskId failed) {
    List<TaskState> tasks = proceedings.run().tasks();
    Set<TaskId> blocked = new LinkedHashSet<>(Set.of(failed));
    Deque<TaskId> causes = new ArrayDeque<>(List.of(failed));
    while (!causes.isEmpty()) {
      TaskId cause = causes.remove();
      for (TaskState task : tasks) {
        TaskId taskId = task.plan().taskId();
        boolean depends = !task.isSettled() && task.plan().dependencies().contains(cause);
        if (depends && blocked.add(taskId)) {
          causes.add(taskId);
          proceedings.record(new Event.TaskSettled(taskId, blockedByDependency(task)));
        }
      }
    }
  }

  private static void gateWhenAllSettled(Proceedings proceedings) {
    RunDraft run = proceedings.run();
    if (!run.allSettled()) {
      return;
    }
    RunState origin = run.origin();
    PolicySet.Gate policy = origin.policies().gate();
    proceedings.record(new Event.GateRequested(GateDecision.TASK_ID));
    TelemetryRef span =
        new TelemetryRef(origin.traceIdHex(), origin.runUid().spanId(proceedings.nextSequence()));
    GateDecision gate = GatePolicy.decide(policy, origin.runId(), run.tasks(), span);
    proceedings.record(new Event.GateVerdict(gate));
    PromotionDecision promotion = PromotionPolicy.decide(policy, gate);
    boolean asksHuman = promotion.decision() == Verdict.NEEDS_HUMAN;
    Long dueAtMs =
        asksHuman
            ? (Long) (proceedings.atMs() + origin.policies().approval().expiresAfterMs())
            : null;
    proceedings.record(new Event.PromotionDecided(promotion, dueAtMs));
    if (!asksHuman) {
      complete(proceedings, promotion);
    }
  }

  private static TaskResult settled(TaskState task, TaskResult reported) {
    List<AttemptRecord> history = task.history();
    ReasonCode why =
        reported.status() == ResultStatus.PASS ? reported.reasonCode() : reasonOf(reported);
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        task.plan().taskId(),
        reported.status(),
        task.attempt(),
        history.size(),
        history,
        why,
        reported.isTransient(),
        reported.riskScoreHint(),
        reported.workerModel(),
        reported.policyRef(),
        reported.notes(),
        reported.durationMs(),
        reported.evidence(),
        null);
  }

  private static TaskResult withStatus(TaskResult result, ResultStatus status, ReasonCode why) {
    return new TaskResult(
        result.artifactKind(),
        result.taskId(),
        status,
        result.attempt(),
        result.attempts(),
        result.attemptHistory(),
        why,
        result.isTransient(),
        result.riskScoreHint(),
        result.workerModel(),
        result.policyRef(),
        result.notes(),
        result.durationMs(),
        result.evidence(),
        result.retryAfterMs());
  }

  private static TaskResult blockedByDependency(TaskState task) {
    ReasonCode why = KernelReasonCodes.DEPENDENCY_BLOCKED;
    return settled(task, withStatus(empty(task), ResultStatus.BLOCKED, why));
  }

  private static TaskResult empty(TaskState task) {
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        task.plan().taskId(),
        ResultStatus.BLOCKED,
        null,
        null,
        null,
        null,
        null,
        null,
        task.plan().workerModel(),
        task.plan().policyRef(),
        null,
        null,
        null,
        null);
  }
}
