package dev.dome.kernel;

import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.PromotionDecision.GateDecisionRef;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.ReasonCode;
import java.util.List;

/** The promotion: what follows from a gate decision, by policy or by a human's word. */
public final class PromotionPolicy {
  private PromotionPolicy() {}

  /** What the policy makes of a gate decision. */
  public static PromotionDecision decide(PolicySet.Gate policy, GateDecision gate) {
    Verdict verdict = verdictOf(policy, gate);
    List<ReasonCode> reasonCodes =
        verdict == Verdict.NEEDS_HUMAN && gate.reasonCodes().isEmpty()
            ? List.of(KernelReasonCodes.POLICY_NEEDS_HUMAN)
            : gate.reasonCodes();
    return decision(gate, verdict, reasonCodes, gate.notes());
  }

  /** What a human made of a gate decision that asked for one. */
  public static PromotionDecision byHuman(
      GateDecision gate, Verdict verdict, ReasonCode reasonCode, String approver) {
    return decision(gate, verdict, List.of(reasonCode), List.of("decided by " + approver));
  }

  private static Verdict verdictOf(PolicySet.Gate policy, GateDecision gate) {
    return switch (gate.status()) {
      case REJECT -> Verdict.REJECT;
      case NEEDS_HUMAN -> Verdict.NEEDS_HUMAN;
      case APPROVE ->
          gate.confidence() < policy.promotionMinConfidence()
                  || gate.riskScore() > policy.promotionMaxRisk()
              ? Verdict.NEEDS_HUMAN
              : Verdict.APPROVE;
    };
  }

  private static PromotionDecision decision(
      GateDecision gate, Verdict verdict, List<ReasonCode> reasonCodes, List<String> notes) {
    return new PromotionDecision(
        PromotionDecision.VERSION,
        gate.runId(),
        verdict,
        reasonCodes,
        gate.confidence(),
        gate.riskScore(),
        notes,
        new GateDecisionRef(gate.taskId(), gate.telemetryRef()));
  }
}
