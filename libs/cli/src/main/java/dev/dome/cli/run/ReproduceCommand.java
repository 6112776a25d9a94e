package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.verification.Finding;
import dev.dome.verification.VerifiedLedger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a run's results again from its recorded inputs, in this process, and compares them. */
@Command(
    name = "reproduce",
    description = {
      "Recomputes a run that ended from the inputs in its ledger, in this process: every event, the",
      "work queue, the decisions and the manifest. Says EQUAL for each, or the first difference."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exits with 14 when something differs."})
public final class ReproduceCommand implements Callable<ExitCode> {
  /**
   * What is compared one by one, so that a difference is named; the manifest's digest is of all.
   */
  private static final Map<String, String> PARTS = parts();

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  private static Map<String, String> parts() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("document", "/inputs/pre_contract_sha256");
    parts.put("work queue", "/inputs/input_hashes/work.queue");
    parts.put("policies", "/inputs/input_hashes/policies");
    parts.put("gate decision", "/artifacts/gate.decision");
    parts.put("promotion decision", "/artifacts/promotion.decision");
    parts.put("results", "/artifacts/task.result");
    parts.put("state", "/artifacts/state");
    parts.put("last row", "/artifacts/journal/head_hash");
    return parts;
  }

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      JsonNode recorded = client.read("runs/" + runId + "/manifest", Map.of());
      VerifiedLedger ledger = new VerifiedLedger();
      for (JsonNode row : Ledger.rows(client, runId)) {
        if (!ledger.add(row)) {
          break;
        }
      }
      List<Map<String, Object>> rows =
          switch (ledger.finding()) {
            case Finding.Match match when match.complete() ->
                compared(recorded, Json.read(ledger.manifest(match).bytes(), JsonNode.class));
            case Finding.Match match ->
                throw new CliException(
                    ExitCode.DIFFERENCE,
                    "the ledger stops at row " + match.sequence() + ", before the run's end",
                    "it was cut off: compare its last hash with the manifest's head_hash");
            case Finding.Difference difference ->
                List.of(
                    row(
                        "row " + difference.sequence() + ": " + difference.what(),
                        difference.recorded(),
                        difference.derived()));
          };
      output.print(spec.commandLine().getOut(), rows);
      return rows.stream().allMatch(row -> row.get("result").equals("EQUAL"))
          ? ExitCode.OK
          : ExitCode.DIFFERENCE;
    }
  }

  private static List<Map<String, Object>> compared(JsonNode recorded, JsonNode derived) {
    List<Map<String, Object>> rows = new ArrayList<>();
    PARTS.forEach((what, pointer) -> {
      if (recorded.at(pointer).isMissingNode() && derived.at(pointer).isMissingNode()) {
        return;
      }
      rows.add(row(what, text(recorded.at(pointer)), text(derived.at(pointer))));
    });
    rows.add(row("manifest", CanonicalJson.sha256(recorded), CanonicalJson.sha256(derived)));
    return rows;
  }

  /** A digest as it is, of anything else its digest. */
  private static String text(JsonNode node) {
    return node.isTextual()
        ? node.asText()
        : node.isMissingNode() ? "none" : CanonicalJson.sha256(node);
  }

  private static Map<String, Object> row(String what, String recorded, String derived) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("what", what);
    row.put("result", recorded.equals(derived) ? "EQUAL" : "DIFFERENT");
    row.put("recorded", recorded);
    row.put("derived", derived);
    return row;
  }
}
