package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.model.Grant;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.ReasonCode;
import java.time.Duration;

/**
 * What a handler says its attempt came to. Immutable; the {@code with…} methods make a new one.
 *
 * @param reasonCode null for PASS
 * @param isTransient whether another attempt may succeed; null leaves it to the code
 * @param riskScoreHint 0..100, or null
 * @param retryAfterMs a floor for the delay before the next attempt, or null
 * @param evidence a JSON document, or null
 */
public record Result(
    ResultStatus status,
    ReasonCode reasonCode,
    Boolean isTransient,
    Integer riskScoreHint,
    String notes,
    Long retryAfterMs,
    JsonNode evidence) {

  public Result {
    if (riskScoreHint != null && (riskScoreHint < 0 || riskScoreHint > 100)) {
      throw new IllegalArgumentException("riskScoreHint expected 0..100 but was " + riskScoreHint);
    }
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
        status, reasonCode, isTransient, riskScoreHint, newNotes, retryAfterMs, evidence);
  }

  public Result withRisk(int newRiskScoreHint) {
    return new Result(
        status, reasonCode, isTransient, newRiskScoreHint, notes, retryAfterMs, evidence);
  }

  public Result withRetryAfter(Duration delay) {
    return new Result(
        status, reasonCode, isTransient, riskScoreHint, notes, delay.toMillis(), evidence);
  }

  public Result withEvidence(JsonNode newEvidence) {
    return new Result(
        status, reasonCode, isTransient, riskScoreHint, notes, retryAfterMs, newEvidence);
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
