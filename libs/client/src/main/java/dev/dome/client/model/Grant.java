package dev.dome.client.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * One leased task.
 *
 * @param fence accompanies every report about the attempt
 * @param leaseExpiresAt RFC 3339 UTC
 * @param deadline RFC 3339 UTC, or null
 * @param inputs command, base_ref, task_spec, timeout_seconds: what the task was planned with
 */
public record Grant(
    String runId,
    String taskId,
    int attempt,
    String attemptId,
    long fence,
    String leaseExpiresAt,
    String deadline,
    String goal,
    JsonNode inputs,
    String traceparent) {
  public Grant {
    inputs = inputs == null ? MissingNode.getInstance() : inputs;
  }
}
