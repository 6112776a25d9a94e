package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.KnownEvidence;
import dev.dome.kernel.Input;
import dev.dome.kernel.RuntimeProfile;
import java.util.List;

/** The bodies of inbox messages, one record for each kind. */
final class InboxBody {
  private InboxBody() {}

  /**
   * A submission.
   *
   * @param profile what its namespace has under the name that was asked for, or null
   * @param redriveOf the run it redrives, or null, and then so is redrive
   */
  record Submit(
      Input.SourceKind sourceKind,
      JsonNode document,
      RuntimeProfile profile,
      RunId redriveOf,
      Input.Redrive redrive) {}

  /**
   * A worker's report.
   *
   * @param claimNext what the worker would like to do next, or null
   * @param evidence what the store knows of what the result names, null when it names nothing
   */
  record Report(
      long fence, TaskResult result, Claim.Request claimNext, List<KnownEvidence> evidence) {}

  record Release(long fence, ReasonCode reasonCode) {}

  record Steering(ReasonCode reasonCode, String comment) {}

  record Approval(Verdict decision, ReasonCode reasonCode, String comment, String gateDigest) {}

  record Retry(TaskId taskId, int attempt) {}

  record TaskDeadline(long fence) {}

  record Deadline(ReasonCode reasonCode) {}

  /** Publish again what lies behind a position. */
  record Republish(long after) {}
}
