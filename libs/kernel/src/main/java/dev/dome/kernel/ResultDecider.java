package dev.dome.kernel;

import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;

/** What a worker's report means: done, another attempt, or the end of the task. */
final class ResultDecider {
  private ResultDecider() {}

  static Deliberation report(RunState state, TaskState task, TaskResult result, Context context) {
    TaskId taskId = task.plan().taskId();
    if (!taskId.equals(result.taskId())) {
      return Decider.rejected(
          state,
          Rejections.field(
              KernelReasonCodes.RESULT_TASK_MISMATCH,
              "/task_id",
              "expected a result of " + taskId + " but was of " + result.taskId()));
    }
    Proceedings proceedings = Proceedings.of(state, context);
    proceedings.record(
        new Event.TaskResultRaw(
            taskId, task.attempt(), task.attemptId(), task.workerId(), result, task.probes()));
    proceedings.effect(new Effect.EndLease(task.attemptId()));
    if (result.status() == ResultStatus.PASS || !result.retryable()) {
      Settlement.byResult(proceedings, taskId, result);
    } else if (RetryPolicy.mayRetry(state.policies().retry(), task.attempt())) {
      retry(proceedings, state, task, Settlement.reasonOf(result), result.retryAfterMs());
    } else {
      Settlement.deadLetter(proceedings, taskId, result);
    }
    return proceedings.accepted();
  }

  /**
   * Schedules the next attempt.
   *
   * @param retryAfterMs milliseconds the worker asked for at least, or null
   */
  static void retry(
      Proceedings proceedings, RunState state, TaskState task, ReasonCode why, Long retryAfterMs) {
    TaskId taskId = task.plan().taskId();
    String seed = RetryPolicy.seed(state.contractVersion(), state.runUid(), taskId, task.attempt());
    long delayMs =
        RetryPolicy.delayMs(state.policies().retry(), seed, task.attempt(), retryAfterMs);
    proceedings.record(
        new Event.TaskRetryScheduled(
            taskId, task.attempt() + 1, why, delayMs, proceedings.atMs() + delayMs));
  }
}
