package dev.dome.kernel;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.Actor;
import java.util.ArrayList;
import java.util.List;

/**
 * A task as it stands. Its transitions are methods of the state they start from, and each goes
 * through {@link TaskTransitions}.
 *
 * @param sinceMs epoch milliseconds at which the task came to wait for what it waits for now
 * @param attempt the current or next attempt, from 1
 * @param assigned whether a QUEUED task may be granted now: its dependencies hold and no delay runs
 * @param attemptId the lease's attempt while CLAIMED or RUNNING, else null
 * @param fence of that attempt, else 0
 * @param workerId of that attempt, else null
 * @param claimer the subject that alone may speak for that attempt, else null; null as well where
 *     it was claimed before claimers were recorded
 * @param retryDueAtMs epoch milliseconds while a delay runs, else null
 * @param result the settled result once GATED, DONE or BLOCKED by a result, else null
 * @param reasonCode why the task is BLOCKED or was last retried, else null
 * @param history finished attempts, oldest first
 * @param deadlineAtMs epoch milliseconds at which the current attempt times out, null without one
 * @param probes the half-open breakers that the current attempt tries, null when there are none
 */
public record TaskState(
    PlannedTask plan,
    TaskStatus status,
    long sinceMs,
    int attempt,
    boolean assigned,
    AttemptId attemptId,
    long fence,
    String workerId,
    String claimer,
    Long retryDueAtMs,
    TaskResult result,
    ReasonCode reasonCode,
    List<AttemptRecord> history,
    Long deadlineAtMs,
    List<BreakerProbe> probes) {

  static TaskState planned(PlannedTask plan, long atMs) {
    return new TaskState(
        plan,
        TaskStatus.QUEUED,
        atMs,
        1,
        false,
        null,
        0,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        null);
  }

  /** Whether a worker holds the task. */
  @JsonIgnore
  public boolean isLeased() {
    return status == TaskStatus.CLAIMED || status == TaskStatus.RUNNING;
  }

  /** Whether a principal may renew, report or release the current attempt. */
  public boolean maySpeak(Actor actor) {
    return claimer == null || (actor != null && claimer.equals(actor.subject()));
  }

  /** Whether only room and a worker are missing. */
  @JsonIgnore
  public boolean isAssignedAndQueued() {
    return assigned && status == TaskStatus.QUEUED;
  }

  /** Whether a result has settled the task. */
  @JsonIgnore
  public boolean isSettled() {
    return status == TaskStatus.GATED || isFinal();
  }

  @JsonIgnore
  public boolean isFinal() {
    return status == TaskStatus.DONE || status == TaskStatus.BLOCKED;
  }

  /** Whether tasks that depend on this one may go on. */
  @JsonIgnore
  public boolean isPassed() {
    return status == TaskStatus.GATED || status == TaskStatus.DONE;
  }

  TaskState assign(long atMs) {
    return new TaskState(
        plan,
        status,
        atMs,
        attempt,
        true,
        null,
        0,
        null,
        null,
        null,
        result,
        reasonCode,
        history,
        null,
        null);
  }

  TaskState claim(Event.TaskClaimed by, long atMs) {
    TaskStatus next = TaskTransitions.move(status, TaskSignal.CLAIM);
    return new TaskState(
        plan,
        next,
        atMs,
        attempt,
        false,
        by.attemptId(),
        by.fence(),
        by.workerId(),
        by.claimer(),
        null,
        result,
        reasonCode,
        history,
        by.deadlineAtMs(),
        by.probes());
  }

  TaskState start(long atMs) {
    TaskStatus next = TaskTransitions.move(status, TaskSignal.RUN);
    return new TaskState(
        plan,
        next,
        atMs,
        attempt,
        false,
        attemptId,
        fence,
        workerId,
        claimer,
        null,
        result,
        reasonCode,
        history,
        deadlineAtMs,
        probes);
  }

  /** The attempt is over and its lease is gone; what follows is the next event's to say. */
  TaskState endAttempt(AttemptRecord finished) {
    List<AttemptRecord> longer = new ArrayList<>(history);
    longer.add(finished);
    return new TaskState(
        plan,
        status,
        sinceMs,
        attempt,
        false,
        null,
        0,
        null,
        null,
        null,
        result,
        finished.reasonCode(),
        List.copyOf(longer),
        null,
        null);
  }

  /** Back in the queue, not yet assigned. */
  TaskState requeue(TaskSignal signal, int nextAttempt, ReasonCode why, Long dueAtMs, long atMs) {
    TaskStatus next = TaskTransitions.move(status, signal);
    return new TaskState(
        plan,
        next,
        atMs,
        nextAttempt,
        false,
        null,
        0,
        null,
        null,
        dueAtMs,
        result,
        why,
        history,
        null,
        null);
  }

  /** By a result of this run, or while QUEUED by what the run before it recorded. */
  TaskState settle(TaskResult settled, long atMs) {
    boolean carried = status == TaskStatus.QUEUED && settled.status() == ResultStatus.PASS;
    TaskSignal signal = carried ? TaskSignal.CARRY : signalOf(settled.status());
    TaskStatus next = TaskTransitions.move(status, signal);
    return new TaskState(
        plan,
        next,
        atMs,
        attempt,
        false,
        null,
        0,
        null,
        null,
        null,
        settled,
        settled.reasonCode(),
        history,
        null,
        null);
  }

  /** The run's decision about a GATED task, or its end for any other. */
  TaskState close(TaskSignal signal, ReasonCode why, long atMs) {
    TaskStatus next = TaskTransitions.move(status, signal);
    return new TaskState(
        plan, next, atMs, attempt, false, null, 0, null, null, null, result, why, history, null,
        null);
  }

  private static TaskSignal signalOf(ResultStatus status) {
    return switch (status) {
      case PASS -> TaskSignal.GATE_PASS;
      case FAIL -> TaskSignal.GATE_FAIL;
      case BLOCKED -> TaskSignal.BLOCK;
    };
  }
}
