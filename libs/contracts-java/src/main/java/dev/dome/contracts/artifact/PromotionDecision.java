package dev.dome.contracts.artifact;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import java.util.List;

/**
 * The {@code promotion.decision} artifact (v0.2).
 *
 * @param confidence 0..1
 * @param riskScore 0..100
 */
public record PromotionDecision(
    String version,
    RunId runId,
    Verdict decision,
    List<ReasonCode> reasonCodes,
    double confidence,
    int riskScore,
    List<String> notes,
    GateDecisionRef gateDecisionRef) {
  public static final String VERSION = "0.2.0";

  /** Which gate decision this promotion rests on. */
  public record GateDecisionRef(String taskId, TelemetryRef telemetryRef) {}
}
