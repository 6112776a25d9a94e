package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import java.util.List;

/**
 * What the kernel derived: the only thing that changes a {@link RunState}. A released event's
 * meaning is never edited.
 */
public sealed interface Event {

  /**
   * plan.wave.created: the run exists.
   *
   * @param deadlineAtMs epoch milliseconds of the run's time budget, or null
   * @param earlierSubmitters who asked for the runs that this one redrives, null when there is none
   * @param constraints what the commands of its tasks may change, null when the document says
   *     nothing
   */
  record PlanWaveCreated(
      RunUid runUid,
      NamespaceId namespace,
      RunId runId,
      Lane lane,
      int deciderVersion,
      Input.SourceKind sourceKind,
      ContractVersion contractVersion,
      String documentSha256,
      String baseRef,
      String submitter,
      String traceIdHex,
      PolicySet policies,
      String policyDigest,
      int maxWorkers,
      Long deadlineAtMs,
      RunId redriveOf,
      List<PlannedTask> tasks,
      List<String> earlierSubmitters,
      JsonNode constraints)
      implements Event {}

  /**
   * task.redriven: a task that was given up in another run is tried again in this one, with a whole
   * budget of attempts.
   *
   * @param deadLetterId of the dead letter that the other run left
   */
  record TaskRedriven(
      TaskId taskId,
      String deadLetterId,
      RunId redriveOf,
      RunUid redriveOfUid,
      String actor,
      ReasonCode reasonCode,
      String comment)
      implements Event {}

  /** task.assigned: the task may be granted from its queue. */
  record TaskAssigned(TaskId taskId, int attempt, QueueName queue) implements Event {}

  /**
   * task.claimed; the fence is this event's own sequence.
   *
   * @param deadlineAtMs epoch milliseconds at which the attempt times out, null without a timeout
   * @param probes the half-open breakers that the attempt tries, null when there are none
   * @param claimer the subject that alone may speak for the attempt, null in rows from before it
   *     was recorded
   */
  record TaskClaimed(
      TaskId taskId,
      int attempt,
      AttemptId attemptId,
      long fence,
      String claimId,
      String workerId,
      String deploymentVersion,
      Long deadlineAtMs,
      List<BreakerProbe> probes,
      String claimer)
      implements Event {}

  /** task.started: the first sign of life of an attempt. */
  record TaskStarted(TaskId taskId, int attempt, AttemptId attemptId) implements Event {}

  /**
   * task.result.raw: what a worker reported, of every attempt.
   *
   * @param probes the half-open breakers that the attempt tried, null when there are none
   */
  record TaskResultRaw(
      TaskId taskId,
      int attempt,
      AttemptId attemptId,
      String workerId,
      TaskResult result,
      List<BreakerProbe> probes)
      implements Event {}

  /** task.retry.scheduled: attempt is the next one. */
  record TaskRetryScheduled(
      TaskId taskId, int attempt, ReasonCode reasonCode, long delayMs, long dueAtMs)
      implements Event {}

  /**
   * task.lease.expired: the attempt is over without a report.
   *
   * @param nextAttempt equals the attempt when it had not started, and is null when the budget does
   *     not have another one
   */
  record TaskLeaseExpired(
      TaskId taskId,
      int attempt,
      AttemptId attemptId,
      String workerId,
      ReasonCode reasonCode,
      Integer nextAttempt)
      implements Event {}

  /**
   * task.timed_out: the attempt used up its time without a report; what follows is recorded next.
   *
   * @param probes the half-open breakers that the attempt tried, null when there are none
   */
  record TaskTimedOut(
      TaskId taskId,
      int attempt,
      AttemptId attemptId,
      String workerId,
      ReasonCode reasonCode,
      List<BreakerProbe> probes)
      implements Event {}

  /**
   * task.dead_lettered: the budget is spent.
   *
   * @param queue the task's, null for the queue of tasks that name none
   */
  record TaskDeadLettered(
      TaskId taskId, ReasonCode reasonCode, List<AttemptRecord> attemptHistory, QueueName queue)
      implements Event {}

  /**
   * task.result: how the task was settled; PASS gates it, anything else blocks it. PASS for a task
   * that never ran is the recorded result of the run that this one redrives.
   */
  record TaskSettled(TaskId taskId, TaskResult result) implements Event {}

  /** gate.requested: every task is settled. */
  record GateRequested(String taskId) implements Event {}

  /** gate.verdict. */
  record GateVerdict(GateDecision decision) implements Event {}

  /** approval.recorded. */
  record ApprovalRecorded(
      String approver, Verdict decision, ReasonCode reasonCode, String comment, String gateDigest)
      implements Event {}

  /**
   * promotion.decision.
   *
   * @param approvalDueAtMs epoch milliseconds until which a human may answer NEEDS_HUMAN, null for
   *     the other decisions
   */
  record PromotionDecided(PromotionDecision decision, Long approvalDueAtMs) implements Event {}

  /** run.breaker.changed: a breaker that guards tasks of the run is now as the snapshot says. */
  record RunBreakerChanged(BreakerSnapshot breaker) implements Event {}

  /** run.paused. */
  record RunPaused(String actor, ReasonCode reasonCode, String comment) implements Event {}

  /** run.resumed. */
  record RunResumed(String actor, ReasonCode reasonCode, String comment) implements Event {}

  /** run.cancelled. */
  record RunCancelled(String actor, ReasonCode reasonCode, String comment) implements Event {}

  /** run.expired. */
  record RunExpired(ReasonCode reasonCode) implements Event {}

  /** run.completed: the last event of every run. */
  record RunCompleted(RunStatus status, ReasonCode reasonCode) implements Event {}

  /** transition.rejected: somebody asked for a move that the tables do not have. */
  record TransitionRejected(
      TaskId taskId, String from, String signal, ReasonCode reasonCode, String actor)
      implements Event {}

  /** The topic of the EVENT row. */
  default String topic() {
    return EventTopic.of(this);
  }

  /**
   * The event of a stored EVENT row.
   *
   * @throws IllegalArgumentException for a topic or payload that no released version wrote
   */
  static Event read(String topic, JsonNode payload) {
    return EventTopic.read(topic, payload);
  }
}
