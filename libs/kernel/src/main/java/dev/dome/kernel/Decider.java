package dev.dome.kernel;

import dev.dome.contracts.id.AttemptId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Sends an input to the decisions of its kind, after the checks that all of a kind share. */
final class Decider {
  /** The lane writer's clock and a timer's clock may disagree by this much. */
  static final long TIMER_TOLERANCE_MS = 1_000;

  private Decider() {}

  static Deliberation decide(RunState state, Input input, Context context) {
    if (input instanceof Input.SubmitRun submission) {
      return state == null
          ? SubmissionDecider.decide(submission, context)
          : rejected(state, Rejections.runExists(state));
    }
    if (state == null) {
      throw new IllegalArgumentException("expected a run for " + input.topic() + " but was none");
    }
    if (state.deciderVersion() != Kernel.DECIDER_VERSION) {
      throw new IllegalArgumentException(
          "expected decider " + Kernel.DECIDER_VERSION + " but was " + state.deciderVersion());
    }
    return switch (input) {
      case Input.SubmitRun i -> throw new IllegalStateException("answered above");
      case Input.ClaimTask i -> TaskDecider.claim(state, i, context);
      case Input.StartTask i ->
          ofClaimer(
              state,
              i.attemptId(),
              i.fence(),
              context,
              task -> TaskDecider.start(state, task, context));
      case Input.ReportResult i ->
          ofClaimer(
              state,
              i.attemptId(),
              i.fence(),
              context,
              task -> ResultDecider.report(state, task, i.result(), context));
      case Input.ReleaseTask i ->
          ofClaimer(
              state,
              i.attemptId(),
              i.fence(),
              context,
              task -> TaskDecider.end(state, task, KernelReasonCodes.TRANSIENT_RELEASED, context));
      case Input.ExpireLease i ->
          leased(state, i.attemptId(), i.fence())
              .map(task ->
                  TaskDecider.end(state, task, KernelReasonCodes.TRANSIENT_LEASE_EXPIRED, context))
              .orElseGet(() -> ignored(state));
      case Input.TaskDeadlineDue i ->
          leased(state, i.attemptId(), i.fence())
              .map(task -> TaskDecider.deadlineDue(state, task, context))
              .orElseGet(() -> ignored(state));
      case Input.RetryDue i -> TaskDecider.retryDue(state, i, context);
      case Input.DecideApproval i -> RunDecider.approve(state, i, context);
      case Input.BreakerChanged i -> RunDecider.breakerChanged(state, i, context);
      case Input.CancelRun i -> RunDecider.cancel(state, i, context);
      case Input.PauseRun i -> RunDecider.pause(state, i, context);
      case Input.ResumeRun i -> RunDecider.resume(state, i, context);
      case Input.RunDeadlineDue i -> RunDecider.deadlineDue(state, context);
    };
  }

  /** What a worker says of its attempt: the fence must be current and the worker the claimer. */
  private static Deliberation ofClaimer(
      RunState state,
      AttemptId attemptId,
      long fence,
      Context context,
      Function<TaskState, Deliberation> decision) {
    Optional<TaskState> task = leased(state, attemptId, fence);
    if (task.isEmpty()) {
      return rejected(state, Rejections.fenced(attemptId));
    }
    return task.get().maySpeak(context.actor())
        ? decision.apply(task.get())
        : rejected(state, Rejections.notClaimer(attemptId));
  }

  /** The task that the attempt may speak for: the fence must be its current lease's. */
  private static Optional<TaskState> leased(RunState state, AttemptId attemptId, long fence) {
    return state.taskOf(attemptId).filter(task -> task.fence() == fence);
  }

  static Deliberation ignored(RunState state) {
    return new Deliberation(new Decision.Ignored(), state);
  }

  static Deliberation rejected(RunState state, Rejection rejection) {
    return new Deliberation(new Decision.Rejected(rejection, List.of()), state);
  }
}
