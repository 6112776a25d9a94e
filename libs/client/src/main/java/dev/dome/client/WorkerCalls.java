package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.model.Grant;
import dev.dome.client.model.Lease;
import dev.dome.client.model.Reported;
import dev.dome.contracts.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The worker protocol: claim, heartbeat, result, release. {@link Worker} does all of it; these
 * calls are for those who need their own loop.
 */
public final class WorkerCalls {
  private final Transport transport;
  private final String root;
  private final RetryPolicy retry;
  private final String traceparent;

  WorkerCalls(Transport transport, String root, RetryPolicy retry) {
    this(transport, root, retry, null);
  }

  private WorkerCalls(Transport transport, String root, RetryPolicy retry, String traceparent) {
    this.transport = transport;
    this.root = root;
    this.retry = retry;
    this.traceparent = traceparent;
  }

  /** These calls with another retry policy. */
  public WorkerCalls with(RetryPolicy other) {
    return new WorkerCalls(transport, root, other, traceparent);
  }

  /** These calls within the trace that the task was granted in. */
  public WorkerCalls within(Grant grant) {
    return new WorkerCalls(transport, root, retry, grant.traceparent());
  }

  /**
   * Leases as granted, with how long they hold by the server's own clock.
   *
   * @param drain whether the server wants this worker to take nothing new
   */
  public record Granted(List<Grant> tasks, boolean drain, long serverTimeMs) {
    /** The lease's remaining term in milliseconds, as the server saw it when it answered. */
    public long termMs(Grant grant) {
      return Instant.parse(grant.leaseExpiresAt()).toEpochMilli() - serverTimeMs;
    }
  }

  /**
   * What a worker asks of a queue.
   *
   * @param claimId the name of this claim: a repeat gets the same leases
   * @param labels what the worker offers to tasks that require it
   * @param waitSeconds 0..30, how long the server may hold the request
   */
  public record ClaimRequest(
      String queue,
      String claimId,
      String workerId,
      String deploymentVersion,
      Map<String, String> labels,
      int maxTasks,
      int waitSeconds) {

    public ClaimRequest {
      labels = Map.copyOf(labels);
    }

    /** A claim of a worker without labels. */
    public ClaimRequest(
        String queue,
        String claimId,
        String workerId,
        String deploymentVersion,
        int maxTasks,
        int waitSeconds) {
      this(queue, claimId, workerId, deploymentVersion, Map.of(), maxTasks, waitSeconds);
    }

    /** The same claim, asked once more and answered at once. */
    ClaimRequest atOnce() {
      return new ClaimRequest(queue, claimId, workerId, deploymentVersion, labels, maxTasks, 0);
    }

    private ObjectNode body() {
      ObjectNode body = Json.mapper().createObjectNode();
      body.put("claim_id", claimId);
      body.put("worker_id", workerId);
      if (deploymentVersion != null) {
        body.put("deployment_version", deploymentVersion);
      }
      if (!labels.isEmpty()) {
        body.set("labels", Json.tree(labels));
      }
      body.put("max_tasks", maxTasks);
      body.put("wait_seconds", waitSeconds);
      return body;
    }
  }

  /** Tasks, or none when the wait ended first or the worker is to drain. */
  public Granted claim(ClaimRequest request) {
    Call call =
        Call.post(
                root + "queues/" + DomeClient.segment(request.queue()) + "/claims",
                request.body(),
                retry)
            .withTimeout(Duration.ofSeconds(request.waitSeconds() + 10L));
    Answer answer = transport.send(call);
    return new Granted(
        ClientJson.readAll(answer.body().path("tasks"), Grant.class),
        ClientJson.readAll(answer.body().path("directives"), String.class).contains(Lease.DRAIN),
        answer.serverTimeMs());
  }

  /**
   * Renews the lease.
   *
   * @param progress free-form, or null
   * @throws DomeException with status 404 or 409 when the lease is another's
   */
  public Renewed heartbeat(String attemptId, long fence, JsonNode progress) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("fence", fence);
    if (progress != null) {
      body.set("progress", progress);
    }
    Call call = post(attempt(attemptId, "heartbeat"), body).withTimeout(Duration.ofSeconds(5));
    Answer answer = transport.send(call);
    return new Renewed(answer.as(Lease.class), answer.serverTimeMs());
  }

  /** A renewed lease and the server's clock at that moment. */
  public record Renewed(Lease lease, long serverTimeMs) {
    /** The lease's remaining term in milliseconds, as the server saw it when it answered. */
    public long termMs() {
      return Instant.parse(lease.leaseExpiresAt()).toEpochMilli() - serverTimeMs;
    }
  }

  /**
   * Reports an attempt's result; a repeat is answered as the first time.
   *
   * @param took how long the attempt was worked
   * @param claimNext what to grant in the same transaction, or null
   */
  public ReportedAt result(Grant grant, Result result, Duration took, ClaimRequest claimNext) {
    return result(grant.attemptId(), resultBody(grant, result, took, claimNext));
  }

  /** Reports a result whose text is already fixed. */
  ReportedAt result(String attemptId, String body) {
    Answer answer =
        transport.send(
            post(attempt(attemptId, "result"), body).withTimeout(Duration.ofSeconds(40)));
    return new ReportedAt(answer.as(Reported.class), answer.serverTimeMs());
  }

  /**
   * Reports many results at once; each is answered for itself.
   *
   * @param items results of the single form without claim_next, each with its attempt_id
   * @return an answer for each, in their order
   * @throws DomeException when the request as a whole is refused: none was taken then
   */
  List<ItemAnswer> results(ArrayNode items) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.set("results", items);
    Answer answer =
        transport.send(post(root + "results", body).withTimeout(Duration.ofSeconds(40)));
    return ClientJson.readAll(answer.body().path("results"), ItemAnswer.class);
  }

  /**
   * What came of one result of many.
   *
   * @param outcome what the single form answers, for a status below 300
   * @param problem what the single form answers, for another
   */
  record ItemAnswer(String attemptId, int status, JsonNode outcome, JsonNode problem) {
    boolean isAbout(Grant grant) {
      return grant.attemptId().equals(attemptId);
    }

    /** Present once it is decided: 202 means durable, and its repeat tells more. */
    Optional<Reported> reported() {
      return status >= 200 && status < 300 && status != 202 && outcome != null
          ? Optional.of(ClientJson.read(outcome, Reported.class))
          : Optional.empty();
    }

    Optional<DomeException> refusal() {
      return status < 300
          ? Optional.empty()
          : Optional.of(
              DomeException.refused(
                  Transport.problemOf(
                      status, problem == null ? MissingNode.getInstance() : problem)));
    }
  }

  /** The answer to a result and the server's clock at that moment. */
  public record ReportedAt(Reported reported, long serverTimeMs) {
    /** The tasks the result's claim_next was granted. */
    public Granted granted() {
      return new Granted(reported.tasks(), reported.drain(), serverTimeMs);
    }
  }

  /**
   * Gives the attempt back unworked.
   *
   * @param reasonCode for the journal; the attempt ends as TRANSIENT.RELEASED whatever it is
   */
  public void release(String attemptId, long fence, String reasonCode) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("fence", fence);
    body.put("reason_code", reasonCode);
    transport.send(post(attempt(attemptId, "release"), body));
  }

  private Call post(String path, Object body) {
    return Call.post(path, body, retry).within(traceparent);
  }

  static String resultBody(Grant grant, Result result, Duration took, ClaimRequest claimNext) {
    ObjectNode body = result.toTaskResult(grant, took);
    body.put("fence", grant.fence());
    if (claimNext != null) {
      ObjectNode next = claimNext.body();
      next.put("queue", claimNext.queue());
      body.set("claim_next", next);
    }
    return ClientJson.write(body);
  }

  private String attempt(String attemptId, String verb) {
    return root + "attempts/" + DomeClient.segment(attemptId) + "/" + verb;
  }
}
