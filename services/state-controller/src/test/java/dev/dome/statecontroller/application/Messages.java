package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.Input;
import java.util.List;
import java.util.Map;

/** Messages as the services at the boundary write them. */
public final class Messages {
  static final Actor SUBMITTER = new Actor("alice", List.of("submitter"));
  static final Actor APPROVER = new Actor("bob", List.of("approver"));
  static final Actor WORKER = new Actor("worker-1", List.of("worker"));
  private static final String HMAC_KEY = "k1";

  private Messages() {}

  /** A work queue of tasks in a row, each after the one before it. */
  public static JsonNode chain(RunId runId, int tasks) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.2");
    document.put("version", "0.2.0");
    document.put("run_id", runId.value());
    document.put("base_ref", "main");
    document.put("max_workers", 2);
    var list = document.putArray("tasks");
    for (int i = 1; i <= tasks; i++) {
      ObjectNode task = list.addObject();
      task.put("task_id", runId + "-t" + i);
      task.put("goal", "step " + i);
      task.put("status", "QUEUED");
      if (i > 1) {
        task.putArray("dependencies").add(runId + "-t" + (i - 1));
      }
    }
    return document;
  }

  /** A work queue that no planner accepts: its only task waits for itself. */
  static JsonNode cycle(RunId runId) {
    JsonNode document = chain(runId, 1);
    JsonNode task = document.get("tasks").get(0);
    ((ObjectNode) task).putArray("dependencies").add(task.get("task_id").asText());
    return document;
  }

  public static InboxMessage submit(
      String operationId, NamespaceId namespace, RunId runId, JsonNode document) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("source_kind", "WORK_QUEUE");
    body.set("document", document);
    return message(
        operationId,
        InboxKind.SUBMIT_RUN,
        namespace,
        runId,
        null,
        SUBMITTER,
        key("runs.submit", "run:" + runId, document),
        body);
  }

  public static InboxMessage report(
      String operationId,
      NamespaceId namespace,
      Claim.GrantedTask task,
      TaskResult result,
      Claim.Request claimNext) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("fence", task.fence());
    body.set("result", Json.tree(result));
    if (claimNext != null) {
      body.set("claim_next", Json.tree(claimNext));
    }
    return message(
        operationId,
        InboxKind.REPORT_RESULT,
        namespace,
        null,
        task.attemptId(),
        WORKER,
        key("attempts.result", "result:" + task.attemptId(), body),
        body);
  }

  public static InboxMessage cancel(String operationId, NamespaceId namespace, RunId runId) {
    return steering(InboxKind.CANCEL_RUN, operationId, namespace, runId);
  }

  /** A human's answer to what the gate left to them. */
  static InboxMessage decide(
      String operationId, NamespaceId namespace, RunId runId, Verdict verdict, String gateDigest) {
    return message(
        operationId,
        InboxKind.DECIDE_APPROVAL,
        namespace,
        runId,
        null,
        APPROVER,
        null,
        Json.tree(
            Map.of(
                "decision",
                verdict.name(),
                "reason_code",
                "OPERATOR.DECIDED",
                "comment",
                "looked at",
                "gate_digest",
                gateDigest)));
  }

  static InboxMessage pause(String operationId, NamespaceId namespace, RunId runId) {
    return steering(InboxKind.PAUSE_RUN, operationId, namespace, runId);
  }

  static InboxMessage resume(String operationId, NamespaceId namespace, RunId runId) {
    return steering(InboxKind.RESUME_RUN, operationId, namespace, runId);
  }

  private static InboxMessage steering(
      InboxKind kind, String operationId, NamespaceId namespace, RunId runId) {
    JsonNode body = Json.tree(Map.of("reason_code", "OPERATOR.CANCELLED", "comment", "enough"));
    return message(operationId, kind, namespace, runId, null, SUBMITTER, null, body);
  }

  /** A failure that is worth another attempt. */
  static TaskResult flaky(TaskId taskId) {
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        taskId,
        ResultStatus.FAIL,
        null,
        null,
        null,
        new ReasonCode("TRANSIENT.LEASE_EXPIRED"),
        true,
        null,
        null,
        null,
        null,
        1L,
        null,
        null);
  }

  public static TaskResult pass(TaskId taskId) {
    return pass(taskId, null);
  }

  /** A success that a human may have to look at. */
  static TaskResult pass(TaskId taskId, Integer riskScoreHint) {
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        taskId,
        ResultStatus.PASS,
        null,
        null,
        null,
        null,
        null,
        riskScoreHint,
        null,
        null,
        "ok",
        5L,
        null,
        null);
  }

  /** A failure that may pass. */
  static TaskResult lost(TaskId taskId) {
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        taskId,
        ResultStatus.FAIL,
        null,
        null,
        null,
        new ReasonCode("TRANSIENT.NETWORK"),
        null,
        null,
        null,
        null,
        null,
        5L,
        null,
        null);
  }

  public static Claim.Request claim(
      NamespaceId namespace, String claimId, int maxTasks, long expiresAtMs) {
    return new Claim.Request(
        namespace,
        new QueueName("default"),
        claimId,
        "worker-1",
        "v1",
        null,
        maxTasks,
        expiresAtMs,
        WORKER,
        null);
  }

  /** The claim of a worker that offers these labels. */
  static Claim.Request offering(Claim.Request claim, Map<String, String> labels) {
    return new Claim.Request(
        claim.namespace(),
        claim.queue(),
        claim.claimId(),
        claim.workerId(),
        claim.deploymentVersion(),
        labels,
        claim.maxTasks(),
        claim.expiresAtMs(),
        claim.actor(),
        claim.traceparent());
  }

  static InboxMessage retryDue(
      String operationId, NamespaceId namespace, RunId runId, TaskId taskId, int attempt) {
    JsonNode body = Json.tree(Map.of("task_id", taskId.value(), "attempt", attempt));
    return message(
        operationId, InboxKind.RETRY_DUE, namespace, runId, null, LeaseHandler.SYSTEM, null, body);
  }

  static InboxMessage taskDeadline(
      String operationId, NamespaceId namespace, AttemptId attemptId, long fence) {
    return message(
        operationId,
        InboxKind.TASK_DEADLINE_DUE,
        namespace,
        null,
        attemptId,
        LeaseHandler.SYSTEM,
        null,
        Json.tree(Map.of("fence", fence)));
  }

  /** A redrive whose raw body was the comment. */
  static InboxMessage redrive(
      String operationId,
      NamespaceId namespace,
      RunId runId,
      RunId redriveOf,
      JsonNode document,
      Input.Redrive redrive) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("source_kind", "WORK_QUEUE");
    body.set("document", document);
    body.put("redrive_of", redriveOf.value());
    body.set("redrive", Json.tree(redrive));
    JsonNode raw = Json.tree(Map.of("comment", redrive.comment()));
    String digest = CanonicalJson.sha256(raw);
    return message(
        operationId,
        InboxKind.SUBMIT_RUN,
        namespace,
        runId,
        null,
        new Actor("olga", List.of("operator")),
        key("dead-letters.redrive", "redrive:" + redrive.runUid() + ":" + digest, raw),
        body);
  }

  static InboxMessage breaker(String operationId, NamespaceId namespace, BreakerSnapshot breaker) {
    return message(
        operationId,
        InboxKind.BREAKER_CHANGED,
        namespace,
        null,
        null,
        LeaseHandler.SYSTEM,
        null,
        Json.tree(breaker));
  }

  /** Asks a lane to publish its journal again. */
  static InboxMessage republish(String operationId, NamespaceId namespace, long after) {
    return message(
        operationId,
        InboxKind.REPUBLISH_LANE,
        namespace,
        null,
        null,
        new Actor("olga", List.of("operator")),
        null,
        Json.tree(Map.of("after", after)));
  }

  private static InboxMessage.IdempotencyKey key(String operation, String key, JsonNode body) {
    return new InboxMessage.IdempotencyKey(
        operation, key, CanonicalJson.sha256(body), HMAC_KEY, true);
  }

  /** The same message under a key that the client chose. */
  static InboxMessage chosenKey(InboxMessage message, String key) {
    InboxMessage.IdempotencyKey derived = message.idempotency();
    return keyed(
        message,
        new InboxMessage.IdempotencyKey(
            derived.operation(), key, derived.bodyHmac(), derived.hmacKeyId(), false));
  }

  /** The same message with a body digest of another key. */
  static InboxMessage hmacKey(InboxMessage message, String keyId) {
    InboxMessage.IdempotencyKey key = message.idempotency();
    return keyed(
        message,
        new InboxMessage.IdempotencyKey(
            key.operation(), key.key(), key.bodyHmac(), keyId, key.derived()));
  }

  private static InboxMessage keyed(InboxMessage message, InboxMessage.IdempotencyKey key) {
    return new InboxMessage(
        message.operationId(),
        message.kind(),
        message.namespace(),
        message.runId(),
        message.attemptId(),
        message.actor(),
        key,
        message.receivedAtMs(),
        message.traceparent(),
        message.replyTo(),
        message.body());
  }

  private static InboxMessage message(
      String operationId,
      InboxKind kind,
      NamespaceId namespace,
      RunId runId,
      AttemptId attemptId,
      Actor actor,
      InboxMessage.IdempotencyKey key,
      JsonNode body) {
    return new InboxMessage(
        operationId, kind, namespace, runId, attemptId, actor, key, 0, null, "replies", body);
  }
}
