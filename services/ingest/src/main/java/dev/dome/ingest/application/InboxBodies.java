package dev.dome.ingest.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.KnownEvidence;
import java.util.List;

/** The bodies of the inbox messages that ingest sends, by kind. */
public final class InboxBodies {
  private InboxBodies() {}

  /** Which document a submission carries. */
  public enum SourceKind {
    PRE_CONTRACT,
    WORK_QUEUE
  }

  /**
   * SUBMIT_RUN.
   *
   * @param profile what the namespace has under the profile's name, or null
   */
  public record Submission(SourceKind sourceKind, JsonNode document, JsonNode profile) {}

  /**
   * SUBMIT_RUN of a run that redrives another.
   *
   * @param profile may be null
   */
  public record Redriving(
      SourceKind sourceKind,
      JsonNode document,
      JsonNode profile,
      RunId redriveOf,
      Redrive redrive) {}

  /**
   * What is redriven and what stands of the old run.
   *
   * @param deadLetters task_id and dead_letter_id of each task that was given up
   * @param carried the task.result of each task that passed
   * @param evidence what is known of what those results name, null when they name nothing
   */
  public record Redrive(
      RunUid runUid,
      List<String> submitters,
      ReasonCode reasonCode,
      String comment,
      JsonNode deadLetters,
      JsonNode carried,
      JsonNode evidence) {}

  /**
   * REPORT_RESULT.
   *
   * @param claimNext may be null and then the worker wants no further task
   * @param evidence what the store knows of what the result names, null when it names nothing
   */
  public record Report(
      long fence, TaskResult result, Claim.Request claimNext, List<KnownEvidence> evidence) {

    public Report with(List<KnownEvidence> known) {
      return new Report(fence, result, claimNext, known.isEmpty() ? null : known);
    }
  }

  /** REPUBLISH_LANE: behind which lane position. */
  public record Republish(long after) {}

  /** RELEASE_TASK. */
  public record Release(long fence, ReasonCode reasonCode) {}

  /** CANCEL_RUN, PAUSE_RUN, RESUME_RUN; comment may be null. */
  public record Steering(ReasonCode reasonCode, String comment) {}

  /**
   * DECIDE_APPROVAL.
   *
   * @param decision APPROVE or REJECT
   * @param gateDigest which gate decision the human looked at
   */
  public record Approval(
      String decision, ReasonCode reasonCode, String comment, String gateDigest) {}
}
