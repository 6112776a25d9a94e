package dev.dome.contracts.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import java.util.List;

/**
 * What became of an operation, stored as its first answer and sent to whoever waits.
 *
 * @param status the HTTP status this amounts to
 * @param body the success body, null for a rejection
 * @param reasonCode set for a rejection
 * @param position where the run stands after it, null when no run was touched
 */
public record Outcome(
    String operationId,
    int status,
    JsonNode body,
    ReasonCode reasonCode,
    String detail,
    List<FieldError> errors,
    Position position) {

  public boolean accepted() {
    return status < 300;
  }

  /** A point in a run's history; a read that asks for it sees at least this much. */
  public record Position(RunId runId, long sequence) {}
}
