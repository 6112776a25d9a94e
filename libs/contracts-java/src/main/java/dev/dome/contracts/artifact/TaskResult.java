package dev.dome.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;
import java.util.List;

/**
 * The {@code task.result} artifact (v0.2): what a worker says of one attempt, and what dome says of
 * a task when it is settled. Absent fields are null.
 *
 * @param riskScoreHint 0..100
 * @param durationMs milliseconds
 * @param evidence free-form evidence of v0.2 producers, or an evidence bundle
 * @param retryAfterMs milliseconds: a floor for the delay before the next attempt (v0.3)
 */
public record TaskResult(
    String artifactKind,
    TaskId taskId,
    ResultStatus status,
    Integer attempt,
    Integer attempts,
    List<AttemptRecord> attemptHistory,
    ReasonCode reasonCode,
    @JsonProperty("transient") Boolean isTransient,
    Integer riskScoreHint,
    String workerModel,
    String policyRef,
    String notes,
    Long durationMs,
    JsonNode evidence,
    Long retryAfterMs) {
  public static final String ARTIFACT_KIND = "dome.task.result/v0.2";

  /** Transient by its own flag or by its code, as the retry policy of the contract family says. */
  public boolean retryable() {
    return Boolean.TRUE.equals(isTransient) || (reasonCode != null && reasonCode.isTransient());
  }
}
