package dev.dome.kernel;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a run that is not final waits on. A task that could go on but does not comes first, for it
 * is what somebody can act on.
 *
 * @param blockingTask the task that is waited for, or null when the run as a whole waits
 * @param queue that task's queue, or null
 * @param sinceMs epoch milliseconds at which the wait began
 * @param untilMs epoch milliseconds at which it ends by itself, or null
 * @param breaker the breaker that holds that task, or null
 * @param paused the word of the operator who paused that breaker, null unless one did
 * @param limit what has no room for that task: {@value #MAX_WORKERS}, or the name of a limit; null
 *     unless it waits for room
 */
public record WaitingOn(
    ReasonCode reasonCode,
    TaskId blockingTask,
    QueueName queue,
    long sinceMs,
    Long untilMs,
    BreakerKey breaker,
    BreakerSteering paused,
    String limit) {
  /** The limit that is the run's own. */
  public static final String MAX_WORKERS = "max_workers";

  /**
   * A limit that has no room for another task now.
   *
   * @param untilMs epoch milliseconds at which there is room by itself, or null where somebody must
   *     give a slot back
   */
  public record Exhausted(LimitName limit, Long untilMs) {}

  /**
   * Empty for a final run and only for that.
   *
   * @param exhausted those of the limits of its tasks that have no room
   */
  public static Optional<WaitingOn> of(RunState run, Set<Exhausted> exhausted) {
    if (run.status().isFinal()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (run.status()) {
          case AWAITING_APPROVAL -> whole(run, KernelReasonCodes.WAITING_APPROVAL);
          case GATING -> whole(run, KernelReasonCodes.WAITING_GATE);
          default -> ofOpenTasks(run, exhausted);
        });
  }

  private static WaitingOn ofOpenTasks(RunState run, Set<Exhausted> exhausted) {
    List<TaskState> ready = run.dispatchable();
    if (!ready.isEmpty()) {
      return ofReady(run, ready, exhausted);
    }
    Optional<WaitingOn> held = ofHeld(run);
    if (held.isPresent()) {
      return held.get();
    }
    Optional<TaskState> leased = oldest(run.tasks().stream().filter(TaskState::isLeased).toList());
    if (leased.isPresent()) {
      boolean full = !run.paused() && run.tasks().stream().anyMatch(TaskState::isAssignedAndQueued);
      return full
          ? limited(KernelReasonCodes.WAITING_WORKER_LIMIT, leased.get(), MAX_WORKERS)
          : task(KernelReasonCodes.WAITING_RESULT, leased.get());
    }
    if (run.paused()) {
      return whole(run, KernelReasonCodes.WAITING_PAUSED);
    }
    return run.tasks().stream()
        .filter(t -> t.retryDueAtMs() != null)
        .min(Comparator.comparing(TaskState::retryDueAtMs))
        .map(t -> task(KernelReasonCodes.WAITING_RETRY_DELAY, t))
        .orElseGet(() -> whole(run, KernelReasonCodes.WAITING_GATE));
  }

  /** A task that nothing guards waits for a worker only; others may lack a permit. */
  private static WaitingOn ofReady(RunState run, List<TaskState> ready, Set<Exhausted> exhausted) {
    List<TaskState> unguarded =
        ready.stream()
            .filter(t -> run.guardsOf(t.plan(), BreakerPhase.HALF_OPEN).isEmpty())
            .toList();
    if (unguarded.isEmpty()) {
      return held(run, ready.getFirst(), BreakerPhase.HALF_OPEN);
    }
    return unguarded.stream()
        .filter(t -> limiting(t, exhausted).isEmpty())
        .findFirst()
        .map(t -> task(KernelReasonCodes.WAITING_WORKER, t))
        .orElseGet(() -> limited(unguarded.getFirst(), exhausted));
  }

  private static Optional<Exhausted> limiting(TaskState task, Set<Exhausted> exhausted) {
    return task.plan().limits().stream()
        .flatMap(name -> exhausted.stream().filter(full -> full.limit().equals(name)))
        .findFirst();
  }

  private static WaitingOn limited(TaskState task, Set<Exhausted> exhausted) {
    Exhausted full = limiting(task, exhausted).orElseThrow();
    ReasonCode reasonCode =
        full.limit().isQueue()
            ? KernelReasonCodes.WAITING_QUEUE_LIMIT
            : KernelReasonCodes.WAITING_CONCURRENCY_LIMIT;
    return new WaitingOn(
        full.untilMs() == null ? reasonCode : KernelReasonCodes.WAITING_RATE_LIMIT,
        task.plan().taskId(),
        task.plan().queue(),
        task.sinceMs(),
        full.untilMs(),
        null,
        null,
        full.limit().value());
  }

  private static Optional<WaitingOn> ofHeld(RunState run) {
    boolean full = run.leasedCount() >= run.maxWorkers();
    return run.paused() || full
        ? Optional.empty()
        : run.tasks().stream()
            .filter(TaskState::isAssignedAndQueued)
            .min(DispatchOrder.WITHIN_RUN)
            .map(t -> held(run, t, BreakerPhase.OPEN));
  }

  /** A task that several breakers hold waits for the one that holds it longest. */
  private static WaitingOn held(RunState run, TaskState task, BreakerPhase phase) {
    BreakerSnapshot longest =
        run.guardsOf(task.plan(), phase).stream()
            .max(Comparator.comparingLong(WaitingOn::endMs))
            .orElseThrow();
    return new WaitingOn(
        reasonOf(longest),
        task.plan().taskId(),
        task.plan().queue(),
        Math.max(task.sinceMs(), longest.sinceMs()),
        longest.untilMs(),
        longest.key(),
        longest.paused() ? longest.steering() : null,
        null);
  }

  private static long endMs(BreakerSnapshot breaker) {
    return switch (breaker.phase()) {
      case OPEN -> breaker.paused() ? Long.MAX_VALUE : breaker.untilMs();
      case HALF_OPEN, CLOSED -> breaker.sinceMs();
    };
  }

  private static ReasonCode reasonOf(BreakerSnapshot breaker) {
    return switch (breaker.phase()) {
      case OPEN ->
          breaker.paused() ? KernelReasonCodes.BREAKER_PAUSED : KernelReasonCodes.BREAKER_OPEN;
      case HALF_OPEN, CLOSED -> KernelReasonCodes.BREAKER_HALF_OPEN;
    };
  }

  private static Optional<TaskState> oldest(List<TaskState> tasks) {
    return tasks.stream().min(Comparator.comparingLong(TaskState::sinceMs));
  }

  private static WaitingOn task(ReasonCode reasonCode, TaskState task) {
    return limited(reasonCode, task, null);
  }

  private static WaitingOn limited(ReasonCode reasonCode, TaskState task, String limit) {
    return new WaitingOn(
        reasonCode,
        task.plan().taskId(),
        task.plan().queue(),
        task.sinceMs(),
        task.retryDueAtMs(),
        null,
        null,
        limit);
  }

  private static WaitingOn whole(RunState run, ReasonCode reasonCode) {
    return new WaitingOn(
        reasonCode, null, null, run.changedAtMs(), run.deadlineAtMs(), null, null, null);
  }
}
