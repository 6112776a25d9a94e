package dev.dome.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.run.Documents;
import dev.dome.cli.run.RunScreen;
import dev.dome.cli.run.RunWatch;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.artifact.Verdict;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;

/** The demo's runs, each to the end it is meant to come to. */
final class DemoRuns {
  private static final int RUNS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String EXAMPLES = "ssot/examples/";

  private final Path root;
  private final PrintWriter out;
  private final Narrator narrator;
  private final DomeClient alice;
  private final DomeClient bob;

  /**
   * The runs.
   *
   * @param root of the repository, for its examples
   * @param alice holds the submitter and the approver role
   * @param bob holds the approver role
   */
  DemoRuns(Path root, PrintWriter out, Narrator narrator, DomeClient alice, DomeClient bob) {
    this.root = root;
    this.out = out;
    this.narrator = narrator;
    this.alice = alice;
    this.bob = bob;
  }

  /** A contract that passes. */
  Run promoted() {
    narrator.chapter(1, RUNS, "A contract on its way to promotion");
    return finished(submitted("demo.pre_contract.json"), RunStatus.PROMOTED);
  }

  /** A task that fails once, for a reason that passes. */
  Run retried() {
    narrator.chapter(2, RUNS, "A transient failure is tried again");
    return finished(submitted("demo.retry.pre_contract.json"), RunStatus.PROMOTED);
  }

  /** A contract whose verification fails. */
  Run rejected() {
    narrator.chapter(3, RUNS, "A verification that fails is a rejection");
    return finished(submitted("demo.reject.pre_contract.json"), RunStatus.REJECTED);
  }

  /** A contract whose risk asks for a human, who may not be its submitter. */
  Run approved() {
    narrator.chapter(4, RUNS, "A risk that asks for another human");
    Run waiting =
        decided(submitted("demo.needs_human.pre_contract.json"), RunStatus.AWAITING_APPROVAL);
    String path = "/v1/namespaces/" + alice.namespace() + "/runs/" + waiting.runId() + "/approval";
    String body =
        "'{\"decision\":\"APPROVE\",\"reason_code\":\"HUMAN.RISK_ACCEPTED\",\"comment\":\"…\","
            + "\"gate_digest\":\""
            + waiting.gateDigest()
            + "\"}'";
    narrator.say("alice submitted it and holds the approver role too. She tries to approve it:");
    narrator.curl("POST", path, "alice", "submitter,approver", body);
    refuseSelfApproval(waiting);
    narrator.say("bob reads the evidence and approves:");
    narrator.curl("POST", path, "bob", "approver", body);
    approve(bob, waiting, "The change is behind a flag; the assessment was read.");
    return finished(waiting.runId(), RunStatus.PROMOTED);
  }

  private void refuseSelfApproval(Run waiting) {
    try {
      approve(alice, waiting, "It is mine, and it is fine.");
    } catch (DomeException e) {
      if (!e.has("POLICY.SELF_APPROVAL")) {
        throw e;
      }
      narrator.fact("answer", Integer.toString(e.status()));
      narrator.reason("POLICY.SELF_APPROVAL");
      return;
    }
    throw unexpected(waiting.runId(), "approved by its submitter", "a refusal");
  }

  private static void approve(DomeClient approver, Run waiting, String comment) {
    approver.decide(
        waiting.runId(), Verdict.APPROVE, "HUMAN.RISK_ACCEPTED", comment, waiting.gateDigest());
  }

  /** Submits a copy of the example under an id that is free. */
  private String submitted(String example) {
    ObjectNode document = Documents.read(root.resolve(EXAMPLES + example)).deepCopy();
    String runId = freeId(document.path("packet_id").asText());
    document.put("packet_id", runId);
    narrator.curl(
        "POST",
        "/v1/namespaces/" + alice.namespace() + "/runs",
        "alice",
        "submitter",
        "@" + EXAMPLES + example);
    alice.submit(document);
    return runId;
  }

  private String freeId(String base) {
    String candidate = base;
    for (int n = 2; alice.readIfPresent("runs/" + candidate).isPresent(); n++) {
      candidate = base + "-" + n;
    }
    return candidate;
  }

  private Run finished(String runId, RunStatus expected) {
    Run run = decided(runId, expected);
    narrator.journal(ChainCheck.of(alice, runId));
    return run;
  }

  /** Shows the run until it rests, then its decisions. */
  private Run decided(String runId, RunStatus expected) {
    Run run = new RunWatch(alice, RunScreen.on(out)).follow(runId, PATIENCE);
    narrator.commands(alice.tasks(runId));
    show("gate", "status", runId);
    show("promotion", "decision", runId);
    if (run.status() != expected) {
      throw unexpected(runId, run.status().name(), expected.name());
    }
    return run;
  }

  private void show(String resource, String verdictField, String runId) {
    alice
        .readIfPresent("runs/" + runId + "/" + resource)
        .ifPresent((JsonNode decision) ->
            narrator.decision(resource, decision.path(verdictField).asText(), decision));
  }

  private static CliException unexpected(String runId, String was, String expected) {
    return new CliException(
        ExitCode.FAILED,
        "%s is %s, expected %s".formatted(runId, was, expected),
        "./dome run get " + runId + ", ./dome logs");
  }
}
