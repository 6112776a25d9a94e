package dev.dome.kernel;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;
import java.util.List;

/** Decisions about one task that do not settle it by a result. */
final class TaskDecider {
  private static final long MS_PER_SECOND = 1_000;

  private TaskDecider() {}

  static Deliberation claim(RunState state, Input.ClaimTask input, Context context) {
    boolean ready =
        state.mayGrant(input.taskId())
            && state.task(input.taskId()).orElseThrow().plan().queue().equals(input.queue());
    if (!ready) {
      return Decider.rejected(state, Rejections.notDispatchable(input));
    }
    List<BreakerProbe> probes = probes(state, input.taskId());
    if (!probes.stream().map(BreakerProbe::key).allMatch(key -> permits(context, key))) {
      return Decider.rejected(state, Rejections.notPermitted(input));
    }
    Proceedings proceedings = Proceedings.of(state, context);
    long fence = proceedings.nextSequence();
    AttemptId attemptId = AttemptId.derive(state.lane(), state.runUid(), fence);
    int attempt = proceedings.run().task(input.taskId()).attempt();
    proceedings.record(
        new Event.TaskClaimed(
            input.taskId(),
            attempt,
            attemptId,
            fence,
            input.claimId(),
            input.workerId(),
            input.deploymentVersion(),
            deadlineAtMs(proceedings.run().task(input.taskId()).plan(), context),
            probes.isEmpty() ? null : probes,
            input.claimer()));
    proceedings.effect(
        new Effect.GrantLease(
            input.taskId(),
            attempt,
            attemptId,
            fence,
            input.claimId(),
            input.workerId(),
            state.leaseTermMs(proceedings.run().task(input.taskId()).plan())));
    return proceedings.accepted();
  }

  /** What the task would try of the half-open breakers that guard it. */
  private static List<BreakerProbe> probes(RunState state, TaskId taskId) {
    PlannedTask plan = state.task(taskId).orElseThrow().plan();
    return state.guardsOf(plan, BreakerPhase.HALF_OPEN).stream()
        .map(breaker -> new BreakerProbe(breaker.key(), breaker.version()))
        .toList();
  }

  private static boolean permits(Context context, BreakerKey key) {
    return context.probes() != null && context.probes().contains(key);
  }

  /** A task's time runs from the grant on, so that a worker cannot stretch it by staying silent. */
  private static Long deadlineAtMs(PlannedTask plan, Context context) {
    return plan.timeoutSeconds() == null
        ? null
        : (Long) (context.observedAtMs() + plan.timeoutSeconds() * MS_PER_SECOND);
  }

  static Deliberation start(RunState state, TaskState task, Context context) {
    if (task.status() != TaskStatus.CLAIMED) {
      return Decider.ignored(state);
    }
    Proceedings proceedings = Proceedings.of(state, context);
    proceedings.record(
        new Event.TaskStarted(task.plan().taskId(), task.attempt(), task.attemptId()));
    return proceedings.accepted();
  }

  /**
   * Ends an attempt without a report: its lease ran out or its worker gave it back. One that had
   * not started costs no budget. One that had is followed by the next attempt at once, for a silent
   * worker has delayed the task by a lease term already and a released task did not fail.
   */
  static Deliberation end(RunState state, TaskState task, ReasonCode why, Context context) {
    Proceedings proceedings = Proceedings.of(state, context);
    boolean started = task.status() == TaskStatus.RUNNING;
    boolean another = !started || RetryPolicy.mayRetry(state.policies().retry(), task.attempt());
    int next = started ? task.attempt() + 1 : task.attempt();
    proceedings.record(
        new Event.TaskLeaseExpired(
            task.plan().taskId(),
            task.attempt(),
            task.attemptId(),
            task.workerId(),
            why,
            another ? next : null));
    proceedings.effect(new Effect.EndLease(task.attemptId()));
    if (another) {
      proceedings.record(new Event.TaskAssigned(task.plan().taskId(), next, task.plan().queue()));
    } else {
      Settlement.deadLetter(proceedings, task.plan().taskId(), null);
    }
    return proceedings.accepted();
  }

  /**
   * Ends an attempt that used up its time, as a failure that may pass: it counts against the budget
   * whether or not its worker has shown a sign of life. A timer that is too early is stale.
   */
  static Deliberation deadlineDue(RunState state, TaskState task, Context context) {
    Long deadlineAtMs = task.deadlineAtMs();
    if (deadlineAtMs == null
        || context.observedAtMs() < deadlineAtMs - Decider.TIMER_TOLERANCE_MS) {
      return Decider.ignored(state);
    }
    TaskId taskId = task.plan().taskId();
    ReasonCode why = KernelReasonCodes.TRANSIENT_TIMEOUT;
    Proceedings proceedings = Proceedings.of(state, context);
    proceedings.record(
        new Event.TaskTimedOut(
            taskId, task.attempt(), task.attemptId(), task.workerId(), why, task.probes()));
    proceedings.effect(new Effect.EndLease(task.attemptId()));
    if (RetryPolicy.mayRetry(state.policies().retry(), task.attempt())) {
      ResultDecider.retry(proceedings, state, task, why, null);
    } else {
      Settlement.deadLetter(proceedings, taskId, null);
    }
    return proceedings.accepted();
  }

  /** A delay is over; a timer of another attempt, a second one and one too early are stale. */
  static Deliberation retryDue(RunState state, Input.RetryDue input, Context context) {
    boolean due =
        state
            .task(input.taskId())
            .filter(t -> t.status() == TaskStatus.QUEUED && t.attempt() == input.attempt())
            .filter(t -> t.retryDueAtMs() != null)
            .filter(t -> context.observedAtMs() >= t.retryDueAtMs() - Decider.TIMER_TOLERANCE_MS)
            .isPresent();
    if (!due) {
      return Decider.ignored(state);
    }
    Proceedings proceedings = Proceedings.of(state, context);
    TaskState task = proceedings.run().task(input.taskId());
    proceedings.record(
        new Event.TaskAssigned(input.taskId(), input.attempt(), task.plan().queue()));
    return proceedings.accepted();
  }
}
