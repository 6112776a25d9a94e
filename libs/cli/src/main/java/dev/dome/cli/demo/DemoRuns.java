package dev.dome.cli.demo;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.artifact.Verdict;

/**
 * The demo's runs that decide something, each to the end it is meant to come to.
 *
 * @param bob holds the approver role
 */
record DemoRuns(Stage stage, DomeClient bob) {

  /** A contract that passes. */
  Run promoted() {
    stage.chapter(2, "A contract on its way to promotion");
    return stage.finished(stage.submitted("demo.pre_contract.json"), RunStatus.PROMOTED);
  }

  /** A task that fails once, for a reason that passes. */
  Run retried() {
    stage.chapter(3, "A transient failure is tried again");
    return stage.finished(stage.submitted("demo.retry.pre_contract.json"), RunStatus.PROMOTED);
  }

  /** A contract whose verification fails. */
  Run rejected() {
    stage.chapter(4, "A verification that fails is a rejection");
    return stage.finished(stage.submitted("demo.reject.pre_contract.json"), RunStatus.REJECTED);
  }

  /** A contract whose risk asks for a human, who may not be its submitter. */
  Run approved() {
    stage.chapter(5, "A risk that asks for another human");
    Run waiting =
        stage.decided(
            stage.submitted("demo.needs_human.pre_contract.json"), RunStatus.AWAITING_APPROVAL);
    String path =
        "/v1/namespaces/" + stage.alice().namespace() + "/runs/" + waiting.runId() + "/approval";
    String body =
        "'{\"decision\":\"APPROVE\",\"reason_code\":\"HUMAN.RISK_ACCEPTED\",\"comment\":\"…\","
            + "\"gate_digest\":\""
            + waiting.gateDigest()
            + "\"}'";
    Narrator narrator = stage.narrator();
    narrator.say("alice submitted it and holds the approver role too. She tries to approve it:");
    narrator.curl("POST", path, "alice", "submitter,approver", body);
    refuseSelfApproval(waiting);
    narrator.say("bob reads the evidence and approves:");
    narrator.curl("POST", path, "bob", "approver", body);
    approve(bob, waiting, "The change is behind a flag; the assessment was read.");
    return stage.finished(waiting.runId(), RunStatus.PROMOTED);
  }

  private void refuseSelfApproval(Run waiting) {
    try {
      approve(stage.alice(), waiting, "It is mine, and it is fine.");
    } catch (DomeException e) {
      if (!e.has("POLICY.SELF_APPROVAL")) {
        throw e;
      }
      stage.narrator().refusal(e);
      return;
    }
    throw Stage.unexpected(waiting.runId(), "approved by its submitter", "a refusal");
  }

  private static void approve(DomeClient approver, Run waiting, String comment) {
    approver.decide(
        waiting.runId(), Verdict.APPROVE, "HUMAN.RISK_ACCEPTED", comment, waiting.gateDigest());
  }
}
