package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.wire.Actor;

/**
 * A report of an attempt that was no longer the task's: kept as evidence, never as state.
 *
 * @param operationId of the request that brought it
 * @param reasonCode why it was refused
 * @param actor who sent it
 * @param receivedAt RFC 3339 UTC, by the lane writer's clock
 * @param report its body as it was accepted for a decision: redacted, with the fence it named
 * @param receivedAtMs the same as receivedAt
 */
public record LateReportView(
    String operationId,
    String runUid,
    String attemptId,
    String reasonCode,
    Actor actor,
    String receivedAt,
    JsonNode report,
    @JsonIgnore long receivedAtMs) {

  /**
   * A stored report.
   *
   * @param actor JSON text, like report
   */
  public static LateReportView of(
      String operationId,
      String runUid,
      String attemptId,
      String reasonCode,
      String actor,
      String report,
      long receivedAtMs) {
    return new LateReportView(
        operationId,
        runUid,
        attemptId,
        reasonCode,
        JsonText.read(actor, Actor.class),
        Timestamps.format(receivedAtMs),
        JsonText.tree(report),
        receivedAtMs);
  }
}
