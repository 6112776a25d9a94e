package dev.dome.contracts.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import java.util.List;

/** The worker protocol between ingest and a controller replica: NATS request and reply. */
public final class Claim {
  private Claim() {}

  /**
   * Asks for tasks; parked until one is ready or the wait is over.
   *
   * @param claimId the caller's name for this claim: a repeat is answered with the same leases
   * @param expiresAtMs epoch milliseconds at which the asker stops listening
   */
  public record Request(
      NamespaceId namespace,
      QueueName queue,
      String claimId,
      String workerId,
      String deploymentVersion,
      int maxTasks,
      long expiresAtMs,
      Actor actor,
      String traceparent) {

    /** The same claim, given up at another time. */
    public Request expiringAt(long epochMs) {
      return new Request(
          namespace,
          queue,
          claimId,
          workerId,
          deploymentVersion,
          maxTasks,
          epochMs,
          actor,
          traceparent);
    }

    /** The same claim of somebody. */
    public Request by(Actor claimer) {
      return new Request(
          namespace,
          queue,
          claimId,
          workerId,
          deploymentVersion,
          maxTasks,
          expiresAtMs,
          claimer,
          traceparent);
    }
  }

  /**
   * The answer; no tasks when the wait ended first.
   *
   * @param reasonCode set when the claim was refused
   */
  public record Reply(List<GrantedTask> tasks, ReasonCode reasonCode, String detail) {}

  /**
   * One leased task, as the worker sees it.
   *
   * @param fence must accompany every report; a newer grant of the task has a greater one
   * @param leaseExpiresAt RFC 3339 UTC
   * @param deadline RFC 3339 UTC, or null
   * @param inputs what the task was planned with: command, base_ref, task_spec, timeout_seconds
   */
  public record GrantedTask(
      RunId runId,
      TaskId taskId,
      int attempt,
      AttemptId attemptId,
      long fence,
      String leaseExpiresAt,
      String deadline,
      String goal,
      JsonNode inputs,
      String traceparent) {}

  /** A sign of life, sent to the owner of the attempt's lane. */
  public record Heartbeat(
      NamespaceId namespace,
      AttemptId attemptId,
      long fence,
      JsonNode progress,
      Actor actor,
      String traceparent) {}

  /**
   * The renewed lease, or why there is none.
   *
   * @param status 200, 403, 404 or 409
   * @param directives CANCEL and DRAIN, or empty
   */
  public record HeartbeatReply(
      int status,
      String leaseExpiresAt,
      List<String> directives,
      ReasonCode reasonCode,
      String detail) {}
}
