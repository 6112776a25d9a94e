package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.model.Grant;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.ReasonCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a handler says its attempt came to. Immutable; the {@code with…} methods make a new one.
 *
 * @param reasonCode null for PASS
 * @param isTransient whether another attempt may succeed; null leaves it to the code
 * @param riskScoreHint 0..100, or null
 * @param retryAfterMs a floor for the delay before the next attempt, or null
 * @param evidence a JSON document, or null
 * @param contents what is stored before the result is sent, and then stands among the artifacts of
 *     the evidence
 */
public record Result(
    ResultStatus status,
    ReasonCode reasonCode,
    Boolean isTransient,
    Integer riskScoreHint,
    String notes,
    Long retryAfterMs,
    JsonNode evidence,
    List<Content> contents) {

  private static final String UNAVAILABLE = "INFRA.EVIDENCE_UNAVAILABLE";

  public Result {
    contents = List.copyOf(contents);
    if (riskScoreHint != null && (riskScoreHint < 0 || riskScoreHint > 100)) {
      throw new IllegalArgumentException("riskScoreHint expected 0..100 but was " + riskScoreHint);
    }
  }

  /** A result without content of its own. */
  public Result(
      ResultStatus status,
      ReasonCode reasonCode,
      Boolean isTransient,
      Integer riskScoreHint,
      String notes,
      Long retryAfterMs,
      JsonNode evidence) {
    this(status, reasonCode, isTransient, riskScoreHint, notes, retryAfterMs, evidence, List.of());
  }

  public static Result pass() {
    return new Result(ResultStatus.PASS, null, null, null, null, null, null);
  }

  /** A failure that another attempt would repeat. */
  public static Result fail(String reasonCode) {
    return new Result(ResultStatus.FAIL, new ReasonCode(reasonCode), false, null, null, null, null);
  }

  /** A failure that another attempt may not meet. */
  public static Result retry(String reasonCode) {
    return new Result(ResultStatus.FAIL, new ReasonCode(reasonCode), true, null, null, null, null);
  }

  /** Something outside the task stands in its way. */
  public static Result blocked(String reasonCode) {
    return new Result(
        ResultStatus.BLOCKED, new ReasonCode(reasonCode), null, null, null, null, null);
  }

  public Result withNotes(String newNotes) {
    return new Result(
        status, reasonCode, isTransient, riskScoreHint, newNotes, retryAfterMs, evidence, contents);
  }

  public Result withRisk(int newRiskScoreHint) {
    return new Result(
        status, reasonCode, isTransient, newRiskScoreHint, notes, retryAfterMs, evidence, contents);
  }

  public Result withRetryAfter(Duration delay) {
    return new Result(
        status,
        reasonCode,
        isTransient,
        riskScoreHint,
        notes,
        delay.toMillis(),
        evidence,
        contents);
  }

  public Result withEvidence(JsonNode newEvidence) {
    return new Result(
        status, reasonCode, isTransient, riskScoreHint, notes, retryAfterMs, newEvidence, contents);
  }

  /**
   * With content that the worker stores before it reports. Text of up to 4 KiB stands in the
   * evidence itself; anything else is uploaded and named there by its digest. The server refuses
   * text that holds a secret: redact first. Content that is refused makes the attempt fail with the
   * code of the refusal, content that cannot be stored for now makes it a transient failure.
   *
   * @param mediaType such as {@code text/plain; charset=utf-8}
   */
  public Result withEvidence(byte[] content, String mediaType) {
    List<Content> more = new ArrayList<>(contents);
    more.add(new Content(content, mediaType));
    return new Result(
        status, reasonCode, isTransient, riskScoreHint, notes, retryAfterMs, evidence, more);
  }

  /** This result with its content stored and described, or the failure to store it. */
  Result stored(EvidenceSink sink) throws InterruptedException {
    if (contents.isEmpty()) {
      return this;
    }
    ObjectNode described =
        evidence instanceof ObjectNode document
            ? document.deepCopy()
            : Json.mapper().createObjectNode();
    ArrayNode artifacts = described.withArray("artifacts");
    try {
      contents.forEach(content -> artifacts.add(content.artifact(sink)));
    } catch (DomeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      return e.isFinal() && e.reasonCode().isPresent()
          ? fail(e.reasonCode().get().value())
          : retry(UNAVAILABLE);
    }
    return new Result(
        status, reasonCode, isTransient, riskScoreHint, notes, retryAfterMs, described);
  }

  /** The {@code task.result} document about the grant. */
  ObjectNode toTaskResult(Grant grant, Duration took) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("artifact_kind", TaskResult.ARTIFACT_KIND);
    body.put("task_id", grant.taskId());
    body.put("status", status.name());
    body.put("attempt", grant.attempt());
    body.put("duration_ms", took.toMillis());
    if (reasonCode != null) {
      body.put("reason_code", reasonCode.value());
    }
    if (isTransient != null) {
      body.put("transient", isTransient);
    }
    if (riskScoreHint != null) {
      body.put("risk_score_hint", riskScoreHint);
    }
    if (notes != null) {
      body.put("notes", notes);
    }
    if (retryAfterMs != null) {
      body.put("retry_after_ms", retryAfterMs);
    }
    if (evidence != null) {
      body.set("evidence", evidence);
    }
    return body;
  }
}
