package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.provenance.TrustFiles;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.verification.Tombstone;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what is left of what was purged. */
@Command(
    name = "tombstones",
    description = {
      "Lists what is left of what was purged. Of one run, each tombstone is held to itself and to the"
          + " run's manifest; -o json writes what ./dome audit verify --tombstone takes.",
      "With --proofs each is held to its signed statement and the log that has it, and -o json takes"
          + " the statement along."
    },
    mixinStandardHelpOptions = true)
final class TombstonesCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(names = "--run", description = "Only those of this run, with the hashes of its rows.")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--proofs",
      description = {
        "Check the signed statement of each and that the log of statements has it, and show where.",
        "One that was purged a minute ago may not have one yet."
      })
  private boolean proofs;

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE",
      description = {
        "With --proofs: the log's keys, a trusted_root.json that came from elsewhere, with keys.json",
        "beside it. Without it the server's own keys are believed."
      })
  private Optional<Path> trustedRoot = Optional.empty();

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      List<JsonNode> tombstones =
          run.isPresent()
              ? Tombstones.ofRun(client, run.get())
              : Tombstones.listed(client, Optional.empty());
      Optional<String> head = run.flatMap(id -> manifestHead(client, id));
      List<ObjectNode> rows =
          tombstones.stream()
              .map(tombstone ->
                  output.isForPeople() ? row(tombstone, head) : (ObjectNode) tombstone.deepCopy())
              .toList();
      boolean proven = !proofs || proven(client, tombstones, rows);
      output.print(spec.commandLine().getOut(), rows);
      return held(tombstones) && proven ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  /** Writes into each row what the log of statements has of it; false when something is refused. */
  private boolean proven(DomeClient client, List<JsonNode> tombstones, List<ObjectNode> rows) {
    TombstoneProofs check =
        new TombstoneProofs(
            client,
            trustedRoot
                .map(file -> TrustFiles.read(file, Optional.empty()))
                .orElseGet(() -> TrustFiles.ofServer(client)));
    boolean proven = true;
    for (int i = 0; i < rows.size(); i++) {
      switch (check.of(tombstones.get(i))) {
        case TombstoneProofs.Proof.Logged(long logIndex, JsonNode bundle) -> {
          rows.get(i).put("statement", "VERIFIED").put("log_index", logIndex);
          if (!output.isForPeople()) {
            rows.get(i).set(Tombstones.BUNDLE, bundle);
          }
        }
        case TombstoneProofs.Proof.Missing missing -> rows.get(i).put("statement", "MISSING");
        case TombstoneProofs.Proof.Refused(String reason) -> {
          rows.get(i).put("statement", "REFUSED: " + reason);
          proven = false;
        }
      }
    }
    return proven;
  }

  /** The hash of the run's last row, as its signed manifest has it. */
  private static Optional<String> manifestHead(DomeClient client, String runId) {
    return client
        .readIfPresent("runs/" + DomeClient.segment(runId) + "/manifest")
        .map(manifest -> manifest.at("/artifacts/journal/head_hash").asText());
  }

  private boolean held(List<JsonNode> tombstones) {
    boolean held = true;
    for (JsonNode tombstone : run.isPresent() ? tombstones : List.<JsonNode>of()) {
      try {
        Tombstone.read(tombstone);
      } catch (IllegalArgumentException e) {
        spec.commandLine()
            .getErr()
            .println(
                "tombstone "
                    + tombstone.path("index").asText()
                    + " does not hold: "
                    + e.getMessage());
        held = false;
      }
    }
    return held;
  }

  private ObjectNode row(JsonNode tombstone, Optional<String> manifestHead) {
    JsonNode document = tombstone.path("document");
    ObjectNode row = Json.mapper().createObjectNode();
    row.put("index", tombstone.path("index").asText());
    row.put("kind", document.path("kind").asText());
    row.put("run_id", document.path("run_id").asText("-"));
    row.put("month", document.path("month").asText());
    row.put("records", document.path("records").asText());
    row.put("class", document.path("retention_class").asText());
    row.put("purged_at", document.path("purged_at").asText());
    row.put("purged_by", document.path("purged_by").asText());
    row.put("authority", document.path("authority").asText());
    row.put("reason", document.path("reason").asText());
    if (run.isPresent()) {
      row.put("head_hash", document.path("head_hash").asText());
      row.put(
          "manifest",
          manifestHead
              .map(head ->
                  head.equals(document.path("head_hash").asText()) ? "same head" : "differs")
              .orElse("none"));
    }
    return row;
  }
}
