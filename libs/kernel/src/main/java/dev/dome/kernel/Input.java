package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.dome.contracts.wire.KnownEvidence;
import java.util.List;

/** Something that happened outside a run and that the run must answer. */
public sealed interface Input {

  /** Which document a submission carried. */
  enum SourceKind {
    PRE_CONTRACT,
    WORK_QUEUE
  }

  /**
   * What a redrive takes over from the run it redrives, so that a replay needs nothing outside.
   *
   * @param runUid of that run
   * @param submitters who asked for that run and for the runs it redrives, oldest first
   * @param deadLetters the tasks of that run whose budget was spent, at least one
   * @param carried the PASS results of that run; the tasks they depend on are among them
   * @param evidence what is known of the digests that those results name; null when they name none,
   *     and in rows from before it was recorded
   */
  record Redrive(
      RunUid runUid,
      List<String> submitters,
      ReasonCode reasonCode,
      String comment,
      List<DeadLetter> deadLetters,
      List<TaskResult> carried,
      List<KnownEvidence> evidence) {}

  /** A task that was given up, and the id its dead letter has. */
  record DeadLetter(TaskId taskId, String deadLetterId) {}

  /**
   * A new run. The document has passed its schema; whether it can be planned is decided here.
   *
   * @param documentSha256 over the canonical JSON of the document
   * @param profile the runtime profile it was submitted under, or null; rows from before there were
   *     profiles have none
   * @param redriveOf the run this one redrives, or null
   * @param redrive what is redriven and what is kept of that run, null unless redriveOf is set
   * @param constraints what the document's commands may change, for their workers to hold them to;
   *     null where it says nothing, and in rows from before it was planned. It stands apart from
   *     the document so that those rows still make the plans they made
   */
  record SubmitRun(
      RunUid runUid,
      NamespaceId namespace,
      RunId runId,
      Lane lane,
      SourceKind sourceKind,
      JsonNode document,
      String documentSha256,
      RuntimeProfile profile,
      RunId redriveOf,
      Redrive redrive,
      JsonNode constraints)
      implements Input {}

  /**
   * A replica grants a dispatchable task to a worker.
   *
   * @param claimer the subject that asked, null in rows from before it was recorded
   */
  record ClaimTask(
      TaskId taskId,
      QueueName queue,
      String claimId,
      String workerId,
      String deploymentVersion,
      String claimer)
      implements Input {}

  /** The first sign of life of a claimed attempt. */
  record StartTask(AttemptId attemptId, long fence) implements Input {}

  /**
   * A worker's report.
   *
   * @param evidence what the store knew of the digests that the result names, in no decision's way;
   *     null when it names none, and in rows from before it was recorded
   */
  record ReportResult(
      AttemptId attemptId, long fence, TaskResult result, List<KnownEvidence> evidence)
      implements Input {

    /** A report that names no evidence. */
    public ReportResult(AttemptId attemptId, long fence, TaskResult result) {
      this(attemptId, fence, result, null);
    }
  }

  /** A worker gives a task back. */
  record ReleaseTask(AttemptId attemptId, long fence, ReasonCode reasonCode) implements Input {}

  /**
   * A lease ran out.
   *
   * @param leaseVersion the version of the lease row that expired; the store has checked it
   */
  record ExpireLease(AttemptId attemptId, long fence, long leaseVersion) implements Input {}

  /** The time an attempt had is over. */
  record TaskDeadlineDue(AttemptId attemptId, long fence) implements Input {}

  /** The delay before an attempt is over. */
  record RetryDue(TaskId taskId, int attempt) implements Input {}

  /**
   * A human's answer to NEEDS_HUMAN.
   *
   * @param gateDigest SHA-256 over the canonical gate decision the human saw
   */
  record DecideApproval(Verdict decision, ReasonCode reasonCode, String comment, String gateDigest)
      implements Input {}

  /** A breaker that guards open tasks of the run has changed. */
  record BreakerChanged(BreakerSnapshot breaker) implements Input {}

  record CancelRun(ReasonCode reasonCode, String comment) implements Input {}

  record PauseRun(ReasonCode reasonCode, String comment) implements Input {}

  record ResumeRun(ReasonCode reasonCode, String comment) implements Input {}

  /** The run's time budget, or its time to wait for a human, is over. */
  record RunDeadlineDue(ReasonCode reasonCode) implements Input {}

  /** The topic of the INPUT row, such as {@code input.submit_run}. */
  default String topic() {
    return InputTopic.of(this);
  }
}
