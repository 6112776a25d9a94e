package dev.dome.retryscheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.kernel.BreakerSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Writes one run's part of a lane's journal, as the state-controller would publish it. */
public final class JournalWriter {
  private final NamespaceId namespace;
  private final RunId runId;
  private final RunUid runUid;
  private final Lane lane;
  private final long after;
  private final List<PublishedRow> rows = new ArrayList<>();

  public JournalWriter(NamespaceId namespace, String runId, Lane lane) {
    this(namespace, runId, lane, 0);
  }

  /** In a lane that other tests have written up to a position. */
  public JournalWriter(NamespaceId namespace, String runId, Lane lane, long after) {
    this.namespace = namespace;
    this.runId = new RunId(runId);
    this.runUid = RunUid.derive(namespace, this.runId, "submission");
    this.lane = lane;
    this.after = after;
  }

  public RunUid runUid() {
    return runUid;
  }

  public List<PublishedRow> rows() {
    return List.copyOf(rows);
  }

  public List<byte[]> bodies(int from, int to) {
    return rows.subList(from - 1, to).stream().map(Json::write).toList();
  }

  public JournalWriter planned(Long deadlineAtMs) {
    ObjectNode payload = object();
    if (deadlineAtMs != null) {
      payload.put("deadline_at_ms", deadlineAtMs);
    }
    return event("plan.wave.created", payload);
  }

  public JournalWriter retry(String taskId, int attempt, long dueAtMs) {
    return event(
        "task.retry.scheduled",
        object().put("task_id", taskId).put("attempt", attempt).put("due_at_ms", dueAtMs));
  }

  public JournalWriter needsHuman(long dueAtMs) {
    return event("promotion.decision", object().put("approval_due_at_ms", dueAtMs));
  }

  /** A claim of an attempt that must end in time. */
  public JournalWriter claimed(String taskId, int attempt, Long deadlineAtMs) {
    long fence = rows.size() + 1L;
    ObjectNode payload = object().put("task_id", taskId).put("attempt", attempt);
    payload.put("attempt_id", attemptId(fence).value()).put("fence", fence);
    if (deadlineAtMs != null) {
      payload.put("deadline_at_ms", deadlineAtMs);
    }
    return event("task.claimed", payload);
  }

  /** The end of the attempt that was claimed by a row. */
  public JournalWriter reported(long claimRow) {
    ObjectNode payload = result("in-time", "PASS");
    return event("task.result.raw", payload.put("attempt_id", attemptId(claimRow).value()));
  }

  public AttemptId attemptId(long fence) {
    return AttemptId.derive(lane, runUid, fence);
  }

  /** A task that was given up after two attempts; queue is null for the default one. */
  public JournalWriter deadLettered(String taskId, String queue) {
    ObjectNode payload = object().put("task_id", taskId);
    payload.put("reason_code", "RETRY.BUDGET_EXHAUSTED");
    for (int attempt = 1; attempt <= 2; attempt++) {
      payload
          .withArray("attempt_history")
          .addObject()
          .put("task_id", taskId)
          .put("status", "FAIL")
          .put("attempt", attempt)
          .put("reason_code", "TRANSIENT.NETWORK");
    }
    if (queue != null) {
      payload.put("queue", queue);
    }
    return event("task.dead_lettered", payload);
  }

  public JournalWriter redriven(String taskId, String deadLetterId) {
    return event(
        "task.redriven",
        object()
            .put("task_id", taskId)
            .put("dead_letter_id", deadLetterId)
            .put("actor", "olga")
            .put("reason_code", "OPERATOR.REDRIVE")
            .put("comment", "The mirror is back"));
  }

  /** A run of one more task on a queue, guarded by keys too. */
  public JournalWriter plannedOn(String queue, String taskId, String... breakerKeys) {
    ObjectNode payload = object();
    ObjectNode task = payload.putArray("tasks").addObject();
    task.put("task_id", taskId).put("queue", queue);
    for (String key : breakerKeys) {
      task.withArray("breaker_keys").add(key);
    }
    return event("plan.wave.created", payload);
  }

  /** A report of a failure that may pass. */
  public JournalWriter failed(String taskId, long atMs, Long retryAfterMs) {
    ObjectNode payload = result(taskId, "FAIL");
    ObjectNode result = payload.withObject("/result").put("reason_code", "TRANSIENT.NETWORK");
    if (retryAfterMs != null) {
      result.put("retry_after_ms", retryAfterMs);
    }
    return row(PublishedRow.Kind.EVENT, "task.result.raw", payload, atMs);
  }

  public JournalWriter passedProbe(String taskId, long atMs, String key, long version) {
    ObjectNode payload = probing(result(taskId, "PASS"), key, version);
    return row(PublishedRow.Kind.EVENT, "task.result.raw", payload, atMs);
  }

  /** The run was told of a breaker. */
  public JournalWriter told(BreakerSnapshot breaker) {
    ObjectNode payload = object();
    payload.set("breaker", Json.tree(breaker));
    return event("run.breaker.changed", payload);
  }

  public JournalWriter timedOut(String taskId, long atMs, String key, long version) {
    ObjectNode payload = probing(object().put("task_id", taskId), key, version);
    return row(PublishedRow.Kind.EVENT, "task.timed_out", payload, atMs);
  }

  private ObjectNode result(String taskId, String status) {
    ObjectNode payload = object().put("task_id", taskId);
    payload.put("attempt_id", attemptId(rows.size()).value());
    payload
        .putObject("result")
        .put("artifact_kind", "dome.task.result/v0.2")
        .put("task_id", taskId)
        .put("status", status);
    return payload;
  }

  private static ObjectNode probing(ObjectNode payload, String key, long version) {
    payload.withArray("probes").addObject().put("key", key).put("version", version);
    return payload;
  }

  public JournalWriter assigned() {
    return event("task.assigned", object());
  }

  public JournalWriter completed() {
    return event("run.completed", object().put("status", "COMPLETED"));
  }

  public JournalWriter event(String topic, JsonNode payload) {
    return row(PublishedRow.Kind.EVENT, topic, payload);
  }

  public JournalWriter row(PublishedRow.Kind kind, String topic, JsonNode payload) {
    return row(kind, topic, payload, 0);
  }

  private JournalWriter row(PublishedRow.Kind kind, String topic, JsonNode payload, long atMs) {
    long next = rows.size() + 1L;
    EventEnvelope envelope =
        new EventEnvelope(
            EventEnvelope.SCHEMA_VERSION,
            next,
            runUid.eventId(next),
            Timestamps.format(atMs),
            topic,
            runId,
            payload);
    rows.add(
        new PublishedRow(
            runUid, namespace, lane, after + next, kind, envelope, "0".repeat(64), "0".repeat(64)));
    return this;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
