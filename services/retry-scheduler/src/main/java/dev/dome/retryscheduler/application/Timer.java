package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;

/**
 * A wake-up that a run has been promised.
 *
 * @param timerId run uid, dash, sequence of the event that set it: the same row sets the same timer
 * @param task which attempt of which task is due, null for timers of the whole run
 * @param leased whose time is over, null unless {@link TimerKind#TASK_DEADLINE}
 * @param dueAtMs epoch milliseconds; never fired before
 * @param firing which one the next is, from 1; beyond that its run did not hear of it
 */
public record Timer(
    String timerId,
    RunUid runUid,
    RunId runId,
    NamespaceId namespace,
    Lane lane,
    TimerKind kind,
    DueTask task,
    LeasedAttempt leased,
    long dueAtMs,
    int firing) {

  /** The attempt that may start, or that ends, once the timer has fired. */
  public record DueTask(TaskId taskId, int attempt) {}

  /** The lease that an attempt's deadline ends; a later one has another fence. */
  public record LeasedAttempt(AttemptId attemptId, long fence) {}
}
