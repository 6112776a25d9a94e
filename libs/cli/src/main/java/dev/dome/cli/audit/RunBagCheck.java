package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks an exported run without a server: the bag's files, the ledger's chain and every decision
 * by replay, that the audit's records are the very rows of the ledger, all of them, and that late
 * reports are of its attempts.
 */
final class RunBagCheck {
  private final Path root;
  private final List<String> hashes = new ArrayList<>();
  private final Set<String> attempts = new HashSet<>();

  private RunBagCheck(Path root) {
    this.root = root;
  }

  /**
   * What holds.
   *
   * @param complete whether the run had ended, so that nothing can follow
   * @param accessRecords decisions about access among the records
   * @param lateReports reports that came too late
   */
  record Report(
      String namespace,
      String runId,
      String status,
      boolean complete,
      long ledgerRows,
      long accessRecords,
      long lateReports,
      String headHash) {}

  /**
   * Checks everything.
   *
   * @throws Failure at the first thing that does not hold
   */
  static Report of(Path root) throws IOException {
    Map<String, String> info = BagCheck.of(root);
    RunBagCheck check = new RunBagCheck(root);
    check.payload();
    Finding.Match match = check.ledger();
    Failure.unless(
        identifier(match.namespace().value(), match.runId().value())
            .equals(info.get("External-Identifier")),
        BagFiles.INFO + " names another run than " + BagFiles.LEDGER + " holds");
    check.index();
    long access = check.records(match);
    long late = check.lateReports(match);
    check.manifest(match);
    return new Report(
        match.namespace().value(),
        match.runId().value(),
        match.status(),
        match.complete(),
        match.sequence(),
        access,
        late,
        match.headHash());
  }

  /** How a bag names its run. */
  static String identifier(String namespace, String runId) {
    return namespace + "/" + runId;
  }

  private void payload() throws IOException {
    for (String name : BagFiles.below(root)) {
      Failure.unless(
          !BagFiles.isPayload(name) || BagFiles.PAYLOAD_FILES.contains(name),
          name + " is no part of a run's export");
    }
    for (String name : List.of(BagFiles.RECORDS, BagFiles.LEDGER)) {
      Failure.unless(Files.exists(root.resolve(name)), name + " is missing");
    }
  }

  private Finding.Match ledger() throws IOException {
    try (InputStream lines = Files.newInputStream(root.resolve(BagFiles.LEDGER))) {
      return switch (LedgerVerifier.verify(lines)) {
        case Finding.Match match -> match;
        case Finding.Difference difference ->
            throw new Failure(
                "%s row %d: %s is %s but should be %s"
                    .formatted(
                        BagFiles.LEDGER,
                        difference.sequence(),
                        difference.what(),
                        difference.recorded(),
                        difference.derived()));
      };
    }
  }

  /** Of the ledger only the hashes and the attempts are kept. */
  private void index() throws IOException {
    try (BufferedReader ledger = Files.newBufferedReader(root.resolve(BagFiles.LEDGER))) {
      for (String line = ledger.readLine(); line != null; line = ledger.readLine()) {
        JsonNode row = tree(line);
        hashes.add(row.path("hash").asText());
        if (row.at("/envelope/topic").asText().equals("task.claimed")) {
          attempts.add(row.at("/envelope/payload/attempt_id").asText());
        }
      }
    }
  }

  /** Records stream by. */
  private long records(Finding.Match match) throws IOException {
    long access = 0;
    long expected = 1;
    long lastIndex = -1;
    try (BufferedReader lines = Files.newBufferedReader(root.resolve(BagFiles.RECORDS))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode row = tree(line);
        String at = BagFiles.RECORDS + " record " + row.path("log_index").asText("?") + ": ";
        Failure.unless(row.path("log_index").asLong(-1) > lastIndex, at + "out of order");
        lastIndex = row.path("log_index").asLong();
        Failure.unless(isOf(match, row), at + "of another run");
        if (row.has("journal")) {
          journal(row, expected, at);
          expected++;
        } else {
          Failure.unless(row.path("access").has("decision"), at + "neither journal nor access");
          access++;
        }
      }
    }
    Failure.unless(
        expected == hashes.size() + 1L,
        "%s holds %d of the ledger's %d rows"
            .formatted(BagFiles.RECORDS, expected - 1, hashes.size()));
    return access;
  }

  private static boolean isOf(Finding.Match match, JsonNode row) {
    return row.path("namespace").asText().equals(match.namespace().value())
        && row.path("run_id").asText().equals(match.runId().value());
  }

  private void journal(JsonNode row, long expected, String at) {
    JsonNode journal = row.path("journal");
    long sequence = journal.path("sequence").asLong();
    Failure.unless(
        sequence == expected && sequence <= hashes.size(),
        at + "sequence expected " + expected + " but was " + sequence);
    String hash = journal.path("hash").asText();
    Failure.unless(hash.equals(hashOf(row)), at + "its content has another hash");
    Failure.unless(hash.equals(hashes.get((int) sequence - 1)), at + "the ledger has another row");
  }

  /** The hash of the journal row that a record holds: 64-bit integers as text, no hash. */
  private static String hashOf(JsonNode row) {
    JsonNode journal = row.path("journal");
    ObjectNode content = Json.mapper().createObjectNode();
    content.set("run_uid", journal.path("run_uid"));
    content.set("namespace", row.path("namespace"));
    content.set("lane", journal.path("lane"));
    content.put("lane_position", journal.path("lane_position").asText());
    content.set("kind", journal.path("row_kind"));
    content.set("envelope", journal.path("envelope"));
    content.set("prev_hash", journal.path("prev_hash"));
    return CanonicalJson.sha256(content);
  }

  /**
   * Late reports are about attempts that the ledger knows, each once, in the order they came. An
   * export from before they were taken along has none.
   */
  private long lateReports(Finding.Match match) throws IOException {
    Path file = root.resolve(BagFiles.LATE_REPORTS);
    if (!Files.exists(file)) {
      return 0;
    }
    Set<String> seen = new HashSet<>();
    String before = "";
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode report = tree(line);
        String at = BagFiles.LATE_REPORTS + " line " + (seen.size() + 1) + ": ";
        Failure.unless(
            report.path("run_uid").asText().equals(match.runUid().value()), at + "of another run");
        Failure.unless(
            attempts.contains(report.path("attempt_id").asText()),
            at + "of an attempt that the ledger does not know");
        Failure.unless(
            report.path("reason_code").asText().equals("ATTEMPT.FENCED")
                && report.path("report").isObject(),
            at + "no report that came too late");
        Failure.unless(
            report.path("received_at").asText().compareTo(before) >= 0, at + "out of order");
        before = report.path("received_at").asText();
        Failure.unless(seen.add(report.path("operation_id").asText()), at + "there before");
      }
    }
    return seen.size();
  }

  /** The manifest, where there is one, names by digest what the ledger holds. */
  private void manifest(Finding.Match match) throws IOException {
    Path file = root.resolve(BagFiles.RUN_MANIFEST);
    if (!Files.exists(file)) {
      return;
    }
    JsonNode manifest = tree(Files.readString(file));
    named(manifest, "/run_id", match.runId().value());
    named(manifest, "/inputs/pre_contract_sha256", CanonicalJson.sha256(submitted()));
    named(manifest, "/artifacts/journal/run_uid", match.runUid().value());
    named(manifest, "/artifacts/journal/sequence", Long.toString(match.sequence()));
    named(manifest, "/artifacts/journal/head_hash", match.headHash());
    named(manifest, "/artifacts/state", match.stateSha256());
  }

  private static void named(JsonNode manifest, String place, String held) {
    Failure.unless(
        manifest.at(place).asText().equals(held),
        "%s names %s at %s but the ledger holds %s"
            .formatted(BagFiles.RUN_MANIFEST, manifest.at(place).asText(), place, held));
  }

  private JsonNode submitted() throws IOException {
    try (BufferedReader ledger = Files.newBufferedReader(root.resolve(BagFiles.LEDGER))) {
      return tree(ledger.readLine()).at("/envelope/payload/input/document");
    }
  }

  private static JsonNode tree(String json) {
    try {
      JsonNode tree = Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class);
      Failure.unless(tree != null && tree.isObject(), "a line is no JSON object");
      return tree;
    } catch (IllegalArgumentException e) {
      throw new Failure("a line is no JSON object");
    }
  }
}
