package dev.dome.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.run.Documents;
import dev.dome.cli.run.Ledger;
import dev.dome.cli.run.RunScreen;
import dev.dome.cli.run.RunWatch;
import dev.dome.client.DomeClient;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunStatus;
import dev.dome.verification.LedgerVerifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the demo's runs are submitted and watched, and what is told of them.
 *
 * @param root of the repository, for its examples
 * @param alice holds the submitter and the approver role
 */
record Stage(Path root, PrintWriter out, Narrator narrator, DomeClient alice) {
  private static final int CHAPTERS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String EXAMPLES = "ssot/examples/";

  void chapter(int number, String title) {
    narrator.chapter(number, CHAPTERS, title);
  }

  /** Submits a copy of the example under an id that is free. */
  String submitted(String example) {
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

  /** Shows the run to its end, then its decisions. */
  Run finished(String runId, RunStatus expected) {
    Run run = decided(runId, expected);
    narrator.journal(LedgerVerifier.verify(Ledger.rows(alice, runId)));
    return run;
  }

  /** Shows the run until it rests, then its decisions. */
  Run decided(String runId, RunStatus expected) {
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

  static CliException unexpected(String runId, String was, String expected) {
    return new CliException(
        ExitCode.FAILED,
        "%s is %s, expected %s".formatted(runId, was, expected),
        "./dome run get " + runId + ", ./dome logs");
  }
}
