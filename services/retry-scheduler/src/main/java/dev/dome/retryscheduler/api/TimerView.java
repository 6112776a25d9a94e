package dev.dome.retryscheduler.api;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerKind;
import dev.dome.retryscheduler.application.TimerList.ListedTimer;

/**
 * A timer as clients see it.
 *
 * @param taskId absent for timers of the whole run, as is attempt
 * @param dueAt RFC 3339 UTC
 * @param firedAt RFC 3339 UTC, absent while the timer is pending
 * @param reasonCode what the run is told, absent for a retry
 */
public record TimerView(
    String timerId,
    RunId runId,
    TimerKind kind,
    TaskId taskId,
    Integer attempt,
    String dueAt,
    String firedAt,
    ReasonCode reasonCode) {

  static TimerView of(ListedTimer listed) {
    Timer timer = listed.timer();
    Timer.DueTask task = timer.task();
    return new TimerView(
        timer.timerId(),
        timer.runId(),
        timer.kind(),
        task == null ? null : task.taskId(),
        task == null ? null : task.attempt(),
        Timestamps.format(timer.dueAtMs()),
        listed.firedAtMs().isEmpty() ? null : Timestamps.format(listed.firedAtMs().getAsLong()),
        timer.kind().reasonCode());
  }
}
