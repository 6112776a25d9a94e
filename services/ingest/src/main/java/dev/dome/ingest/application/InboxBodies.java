package dev.dome.ingest.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.Claim;

/** The bodies of the inbox messages that ingest sends, by kind. */
public final class InboxBodies {
  private InboxBodies() {}

  /** Which document a submission carries. */
  public enum SourceKind {
    PRE_CONTRACT,
    WORK_QUEUE
  }

  /** SUBMIT_RUN; profile may be null. */
  public record Submission(SourceKind sourceKind, JsonNode document, String profile) {}

  /** REPORT_RESULT; claimNext may be null and then the worker wants no further task. */
  public record Report(long fence, TaskResult result, Claim.Request claimNext) {}

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
