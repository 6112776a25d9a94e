package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The gate and the promotion policy, rule by rule. */
class PoliciesTest {
  private static final PolicySet.Gate POLICY = RunScript.POLICIES.gate();

  @Test
  void withoutAHintTheRiskIsTheDefault() {
    GateDecision gate = gateAt(null);
    assertThat(gate.status()).isEqualTo(Verdict.APPROVE);
    assertThat(gate.substrateStatus()).isEqualTo("PROMOTE");
    assertThat(gate.reasonCodes()).isEmpty();
    assertThat(gate.riskScore()).isEqualTo(20);
    assertThat(gate.taskId()).isEqualTo("wave-gate");
  }

  @Test
  void anApprovalsRiskIsAtLeastTheDefault() {
    assertThat(gateAt(3).riskScore()).isEqualTo(20);
    assertThat(gateAt(59).riskScore()).isEqualTo(59);
    assertThat(gateAt(59).status()).isEqualTo(Verdict.APPROVE);
  }

  @Test
  void aRiskAtTheThresholdNeedsAHuman() {
    GateDecision gate = gateAt(60);
    assertThat(gate.status()).isEqualTo(Verdict.NEEDS_HUMAN);
    assertThat(gate.substrateStatus()).isEqualTo("STOP");
    assertThat(gate.riskScore()).isEqualTo(60);
    assertThat(gate.reasonCodes()).containsExactly(KernelReasonCodes.POLICY_NEEDS_HUMAN);
  }

  @Test
  void theHighestHintOfAllTasksCounts() {
    RunScript run = RunScript.ofWorkQueue(2, task("a"), task("b"));
    run.claim("a").report("a", RunScript.result("a", ResultStatus.PASS, null, 77, null));
    run.claim("b").report("b", RunScript.result("b", ResultStatus.PASS, null, 5, null));
    assertThat(run.state().gate().riskScore()).isEqualTo(77);
  }

  @Test
  void aVerificationThatCouldNotRunIsNoTestFailure() {
    RunScript run = RunScript.ofPreContract("pay-1");
    run.claim("pay-1-plan").fail("pay-1-plan", "EXEC.TIMEOUT");
    assertThat(run.task("pay-1-verify").plan().verify()).isTrue();
    assertThat(run.state().gate().reasonCodes()).containsExactly(new ReasonCode("EXEC.TIMEOUT"));
    assertThat(run.state().gate().notes())
        .containsExactly(
            "pay-1-plan FAIL: EXEC.TIMEOUT",
            "pay-1-implement BLOCKED: DEPENDENCY.BLOCKED",
            "pay-1-verify BLOCKED: DEPENDENCY.BLOCKED");
  }

  @Test
  void aPromotionFollowsTheGateUnlessConfidenceOrRiskSayOtherwise() {
    assertThat(promotion(Verdict.APPROVE, 0.9, 20).decision()).isEqualTo(Verdict.APPROVE);
    assertThat(promotion(Verdict.APPROVE, 0.7, 60).decision()).isEqualTo(Verdict.APPROVE);
    assertThat(promotion(Verdict.APPROVE, 0.69, 20).decision()).isEqualTo(Verdict.NEEDS_HUMAN);
    assertThat(promotion(Verdict.APPROVE, 0.9, 61).decision()).isEqualTo(Verdict.NEEDS_HUMAN);
    assertThat(promotion(Verdict.APPROVE, 0.9, 61).reasonCodes())
        .containsExactly(KernelReasonCodes.POLICY_NEEDS_HUMAN);
    assertThat(promotion(Verdict.NEEDS_HUMAN, 0.9, 20).decision()).isEqualTo(Verdict.NEEDS_HUMAN);
    assertThat(promotion(Verdict.REJECT, 0.1, 99).decision()).isEqualTo(Verdict.REJECT);
  }

  @Test
  void aPromotionNamesTheGateDecisionItRestsOn() {
    PromotionDecision promotion = promotion(Verdict.APPROVE, 0.9, 20);
    assertThat(promotion.gateDecisionRef().taskId()).isEqualTo("wave-gate");
    assertThat(promotion.gateDecisionRef().telemetryRef()).isEqualTo(telemetry());
  }

  private static GateDecision gateAt(Integer riskScoreHint) {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).claim("a");
    run.report("a", RunScript.result("a", ResultStatus.PASS, null, riskScoreHint, null));
    return run.state().gate();
  }

  private static PromotionDecision promotion(Verdict verdict, double confidence, int risk) {
    return PromotionPolicy.decide(
        POLICY,
        new GateDecision(
            GateDecision.VERSION,
            new RunId("pay-1"),
            GateDecision.TASK_ID,
            verdict,
            verdict.substrateStatus(),
            List.of(),
            confidence,
            risk,
            List.of(),
            telemetry()));
  }

  private static TelemetryRef telemetry() {
    return new TelemetryRef("0".repeat(31) + "1", "0".repeat(15) + "1");
  }
}
