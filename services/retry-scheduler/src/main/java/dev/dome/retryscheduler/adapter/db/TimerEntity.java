package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerKind;
import dev.dome.retryscheduler.application.TimerList.ListedTimer;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.OptionalLong;

/** A row of {@code timer}. */
@Entity(name = "Timer")
@Table(name = "timer")
class TimerEntity {
  @Id
  @Column(name = "timer_id")
  String timerId;

  @Column(name = "run_uid", nullable = false)
  String runUid;

  @Column(name = "run_id", nullable = false)
  String runId;

  @Column(nullable = false)
  String namespace;

  @Column(nullable = false)
  int lane;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  TimerKind kind;

  @Column(name = "task_id")
  String taskId;

  Integer attempt;

  @Column(name = "attempt_id")
  String attemptId;

  Long fence;

  @Column(name = "due_at_ms", nullable = false)
  long dueAtMs;

  @Column(name = "fired_at_ms")
  Long firedAtMs;

  @Column(nullable = false)
  int firings;

  @Column(name = "again_at_ms")
  Long againAtMs;

  TimerEntity() {}

  static TimerEntity of(Timer timer) {
    TimerEntity entity = new TimerEntity();
    entity.timerId = timer.timerId();
    entity.runUid = timer.runUid().value();
    entity.runId = timer.runId().value();
    entity.namespace = timer.namespace().value();
    entity.lane = timer.lane().number();
    entity.kind = timer.kind();
    entity.taskId = timer.task() == null ? null : timer.task().taskId().value();
    entity.attempt = timer.task() == null ? null : timer.task().attempt();
    entity.attemptId = timer.leased() == null ? null : timer.leased().attemptId().value();
    entity.fence = timer.leased() == null ? null : timer.leased().fence();
    entity.dueAtMs = timer.dueAtMs();
    return entity;
  }

  Timer timer() {
    return new Timer(
        timerId,
        new RunUid(runUid),
        new RunId(runId),
        new NamespaceId(namespace),
        new Lane(lane),
        kind,
        taskId == null ? null : new Timer.DueTask(new TaskId(taskId), attempt),
        attemptId == null ? null : new Timer.LeasedAttempt(new AttemptId(attemptId), fence),
        dueAtMs,
        firings + 1);
  }

  ListedTimer listed() {
    return new ListedTimer(
        timer(), firedAtMs == null ? OptionalLong.empty() : OptionalLong.of(firedAtMs));
  }
}
