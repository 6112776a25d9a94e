package dev.dome.contracts.artifact;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import java.util.List;

/**
 * The {@code gate.decision} artifact (v0.2).
 *
 * @param confidence 0..1
 * @param riskScore 0..100
 */
public record GateDecision(
    String version,
    RunId runId,
    String taskId,
    Verdict status,
    String substrateStatus,
    List<ReasonCode> reasonCodes,
    double confidence,
    int riskScore,
    List<String> notes,
    TelemetryRef telemetryRef) {
  public static final String VERSION = "0.2.0";
  public static final String TASK_ID = "wave-gate";
}
