package dev.dome.kernel;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A run while events are being applied to it. The only place where an event changes anything; each
 * applier uses the event and the state before it and nothing else.
 */
final class RunDraft {
  private final RunState base;
  private final TaskState[] tasks;
  private final TaskList before;
  private long sequence;
  private RunStatus status;
  private boolean paused;
  private long changedAtMs;
  private Long deadlineAtMs;
  private GateDecision gate;
  private PromotionDecision promotion;
  private ReasonCode reasonCode;
  private List<BreakerSnapshot> breakers;

  RunDraft(RunState state) {
    base = state;
    before = TaskList.of(state.tasks());
    tasks = before.toArray();
    sequence = state.sequence();
    status = state.status();
    paused = state.paused();
    changedAtMs = state.changedAtMs();
    deadlineAtMs = state.deadlineAtMs();
    gate = state.gate();
    promotion = state.promotion();
    reasonCode = state.reasonCode();
    breakers = state.breakers();
  }

  /** The run that a plan begins. */
  static RunDraft planned(Event.PlanWaveCreated e, long sequence, long atMs) {
    List<TaskState> tasks = e.tasks().stream().map(t -> TaskState.planned(t, atMs)).toList();
    return new RunDraft(
        new RunState(
            e.runUid(),
            e.namespace(),
            e.runId(),
            e.lane(),
            sequence,
            e.deciderVersion(),
            e.contractVersion(),
            RunStatus.PLANNED,
            false,
            e.submitter(),
            e.documentSha256(),
            e.baseRef(),
            e.traceIdHex(),
            e.policies(),
            e.maxWorkers(),
            atMs,
            atMs,
            e.deadlineAtMs(),
            e.redriveOf(),
            tasks,
            null,
            null,
            null,
            e.earlierSubmitters(),
            null,
            e.constraints()));
  }

  RunState toState() {
    return new RunState(
        base.runUid(),
        base.namespace(),
        base.runId(),
        base.lane(),
        sequence,
        base.deciderVersion(),
        base.contractVersion(),
        status,
        paused,
        base.submitter(),
        base.documentSha256(),
        base.baseRef(),
        base.traceIdHex(),
        base.policies(),
        base.maxWorkers(),
        base.createdAtMs(),
        changedAtMs,
        deadlineAtMs,
        base.redriveOf(),
        before.with(tasks),
        gate,
        promotion,
        reasonCode,
        base.earlierSubmitters(),
        breakers,
        base.constraints());
  }

  /** What no event after the first one changes. */
  RunState origin() {
    return base;
  }

  List<TaskState> tasks() {
    return before.with(tasks);
  }

  TaskState task(TaskId id) {
    return tasks[index(id)];
  }

  boolean allSettled() {
    for (TaskState task : tasks) {
      if (!task.isSettled()) {
        return false;
      }
    }
    return true;
  }

  /** Applies one event of this run. */
  void apply(Event event, long atSequence, long atMs) {
    sequence = atSequence;
    if (event instanceof Event.TransitionRejected) {
      return;
    }
    changedAtMs = atMs;
    switch (event) {
      case Event.PlanWaveCreated e -> throw new IllegalStateException("the run has begun before");
      case Event.TaskAssigned e -> assigned(e, atMs);
      case Event.TaskClaimed e -> put(e.taskId(), task(e.taskId()).claim(e, atMs));
      case Event.TaskStarted e -> put(e.taskId(), task(e.taskId()).start(atMs));
      case Event.TaskResultRaw e -> reported(e, atMs);
      case Event.TaskRetryScheduled e -> retryScheduled(e, atMs);
      case Event.TaskLeaseExpired e -> leaseExpired(e, atMs);
      case Event.TaskTimedOut e -> timedOut(e, atMs);
      case Event.TaskRedriven e -> {}
      case Event.TaskDeadLettered e -> {}
      case Event.TaskSettled e -> put(e.taskId(), task(e.taskId()).settle(e.result(), atMs));
      case Event.GateRequested e -> status = RunTransitions.move(status, RunSignal.GATE);
      case Event.GateVerdict e -> gate = e.decision();
      case Event.ApprovalRecorded e -> {}
      case Event.PromotionDecided e -> promotionDecided(e, atMs);
      case Event.RunBreakerChanged e -> breakerChanged(e.breaker());
      case Event.RunPaused e -> pause(RunSignal.PAUSE);
      case Event.RunResumed e -> pause(RunSignal.RESUME);
      case Event.RunCancelled e -> closeOpenTasks(KernelReasonCodes.RUN_CANCELLED, atMs);
      case Event.RunExpired e -> closeOpenTasks(e.reasonCode(), atMs);
      case Event.RunCompleted e -> completed(e);
      case Event.TransitionRejected e -> {}
    }
  }

  private void assigned(Event.TaskAssigned e, long atMs) {
    put(e.taskId(), task(e.taskId()).assign(atMs));
    if (status == RunStatus.PLANNED) {
      status = RunTransitions.move(status, RunSignal.START);
    }
  }

  private void reported(Event.TaskResultRaw e, long atMs) {
    TaskState task = task(e.taskId());
    TaskState running = task.status() == TaskStatus.CLAIMED ? task.start(atMs) : task;
    ReasonCode why = e.result().reasonCode();
    put(e.taskId(), running.endAttempt(finished(task, e.result().status(), why, atMs)));
  }

  private void timedOut(Event.TaskTimedOut e, long atMs) {
    TaskState task = task(e.taskId());
    TaskState running = task.status() == TaskStatus.CLAIMED ? task.start(atMs) : task;
    put(e.taskId(), running.endAttempt(finished(task, ResultStatus.FAIL, e.reasonCode(), atMs)));
  }

  private void retryScheduled(Event.TaskRetryScheduled e, long atMs) {
    TaskState task = task(e.taskId());
    put(e.taskId(), task.requeue(TaskSignal.RETRY, e.attempt(), e.reasonCode(), e.dueAtMs(), atMs));
  }

  private void leaseExpired(Event.TaskLeaseExpired e, long atMs) {
    TaskState task = task(e.taskId());
    if (task.status() == TaskStatus.CLAIMED) {
      put(
          e.taskId(),
          task.requeue(TaskSignal.LEASE_EXPIRED, e.attempt(), e.reasonCode(), null, atMs));
      return;
    }
    TaskState ended = task.endAttempt(finished(task, ResultStatus.FAIL, e.reasonCode(), atMs));
    if (e.nextAttempt() == null) {
      put(e.taskId(), ended);
      return;
    }
    put(
        e.taskId(),
        ended.requeue(TaskSignal.LEASE_EXPIRED, e.nextAttempt(), e.reasonCode(), null, atMs));
  }

  private void promotionDecided(Event.PromotionDecided e, long atMs) {
    promotion = e.decision();
    if (e.decision().decision() == Verdict.NEEDS_HUMAN) {
      deadlineAtMs = e.approvalDueAtMs();
      status = RunTransitions.move(status, RunSignal.NEEDS_HUMAN);
      return;
    }
    boolean promoted = e.decision().decision() == Verdict.APPROVE;
    ReasonCode why = promoted ? null : firstOf(e.decision().reasonCodes());
    for (int i = 0; i < tasks.length; i++) {
      if (tasks[i].status() == TaskStatus.GATED) {
        TaskSignal signal = promoted ? TaskSignal.GATE_PASS : TaskSignal.GATE_FAIL;
        tasks[i] = tasks[i].close(signal, why, atMs);
      }
    }
  }

  /** A closed breaker is forgotten, so that a run that never met one looks the same. */
  private void breakerChanged(BreakerSnapshot changed) {
    List<BreakerSnapshot> next = new ArrayList<>(breakers == null ? List.of() : breakers);
    next.removeIf(b -> b.key().equals(changed.key()));
    if (changed.phase() != BreakerPhase.CLOSED) {
      next.add(changed);
    }
    next.sort(Comparator.comparing(BreakerSnapshot::key));
    breakers = next.isEmpty() ? null : List.copyOf(next);
  }

  private void pause(RunSignal signal) {
    status = RunTransitions.move(status, signal);
    paused = signal == RunSignal.PAUSE;
  }

  private void closeOpenTasks(ReasonCode why, long atMs) {
    for (int i = 0; i < tasks.length; i++) {
      if (!tasks[i].isFinal()) {
        tasks[i] = tasks[i].close(TaskSignal.BLOCK, why, atMs);
      }
    }
  }

  private void completed(Event.RunCompleted e) {
    RunSignal signal =
        switch (e.status()) {
          case PROMOTED -> RunSignal.APPROVE;
          case REJECTED -> RunSignal.REJECT;
          case CANCELLED -> RunSignal.CANCEL;
          case EXPIRED -> RunSignal.EXPIRE;
          case PLANNED, RUNNING, GATING, AWAITING_APPROVAL ->
              throw new IllegalStateException("expected a final status but " + e.status());
        };
    status = RunTransitions.move(status, signal);
    paused = false;
    reasonCode = e.reasonCode();
  }

  private static AttemptRecord finished(
      TaskState task, ResultStatus status, ReasonCode why, long atMs) {
    return new AttemptRecord(
        task.plan().taskId(),
        status,
        task.attempt(),
        task.attemptId(),
        why,
        task.workerId(),
        Timestamps.format(atMs));
  }

  private static ReasonCode firstOf(List<ReasonCode> codes) {
    return codes.isEmpty() ? null : codes.getFirst();
  }

  private void put(TaskId id, TaskState task) {
    tasks[index(id)] = task;
  }

  private int index(TaskId id) {
    int index = before.indexOf(id);
    if (index < 0) {
      throw new IllegalStateException("the plan has no task " + id);
    }
    return index;
  }
}
