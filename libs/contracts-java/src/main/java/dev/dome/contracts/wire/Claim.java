package dev.dome.contracts.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import java.util.List;
import java.util.Map;

/** The worker protocol between ingest and a controller replica: NATS request and reply. */
public final class Claim {
  /** A directive: take nothing new. */
  public static final String DRAIN = "DRAIN";

  /** A directive: stop the attempt. */
  public static final String CANCEL = "CANCEL";

  private Claim() {}

  /**
   * Asks for tasks; parked until one is ready or the wait is over.
   *
   * @param claimId the caller's name for this claim: a repeat is answered with the same leases
   * @param labels what the worker offers to tasks that require it; null when it has none
   * @param expiresAtMs epoch milliseconds at which the asker stops listening
   */
  public record Request(
      NamespaceId namespace,
      QueueName queue,
      String claimId,
      String workerId,
      String deploymentVersion,
      Map<String, String> labels,
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
          labels,
          maxTasks,
          epochMs,
          actor,
          traceparent);
    }

    /** What the worker offers; empty when it has no labels. */
    public Map<String, String> offered() {
      return labels == null ? Map.of() : labels;
    }

    /** The same claim of somebody. */
    public Request by(Actor claimer) {
      return new Request(
          namespace,
          queue,
          claimId,
          workerId,
          deploymentVersion,
          labels,
          maxTasks,
          expiresAtMs,
          claimer,
          traceparent);
    }
  }

  /**
   * The answer; no tasks when the wait ended first.
   *
   * @param directives DRAIN for a worker that is to take nothing more, null when there is none
   * @param reasonCode set when the claim was refused
   */
  public record Reply(
      List<GrantedTask> tasks, List<String> directives, ReasonCode reasonCode, String detail) {

    /** Tasks, or none. */
    public static Reply of(List<GrantedTask> tasks) {
      return new Reply(tasks, null, null, null);
    }

    /** Nothing, now and later: the worker is to finish what it has and end. */
    public static Reply drain() {
      return new Reply(List.of(), List.of(DRAIN), null, null);
    }

    /** Whether the answer says something that asking again would not change. */
    public boolean settles() {
      return reasonCode != null || !tasks.isEmpty() || directives != null;
    }
  }

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
