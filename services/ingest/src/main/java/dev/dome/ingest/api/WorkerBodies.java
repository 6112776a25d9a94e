package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.Claim;
import java.util.List;
import java.util.Map;

/** Bodies of the worker protocol over HTTP; their schemas are in ssot. */
final class WorkerBodies {
  private WorkerBodies() {}

  /**
   * Asks for tasks.
   *
   * @param queue only in a result's claim_next; a claim's is in its path
   * @param labels what the worker offers; null when it has none
   * @param maxTasks 1 when absent
   * @param waitSeconds 0 when absent: answer at once
   */
  record ClaimBody(
      QueueName queue,
      String claimId,
      String workerId,
      String deploymentVersion,
      Map<String, String> labels,
      Integer maxTasks,
      Integer waitSeconds) {}

  /** A sign of life; progress is free-form and may be absent. */
  record HeartbeatBody(long fence, JsonNode progress) {}

  /** Gives a task back. */
  record ReleaseBody(long fence, ReasonCode reasonCode) {}

  /**
   * Granted tasks.
   *
   * @param directives DRAIN beside no tasks; null when there is none
   */
  record Tasks(List<Claim.GrantedTask> tasks, List<String> directives) {}

  /**
   * The renewed lease.
   *
   * @param leaseExpiresAt RFC 3339 UTC
   * @param directives CANCEL and DRAIN, or empty
   */
  record Lease(String leaseExpiresAt, List<String> directives) {}
}
