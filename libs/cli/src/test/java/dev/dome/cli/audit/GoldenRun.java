package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run as the kernel's golden history has it, and as the audit would have recorded it. */
public final class GoldenRun {
  public static final String NAMESPACE = "team-a";
  public static final String RUN_ID = "golden-approve";
  private static final Path HISTORY =
      Path.of(
          System.getProperty("dome.root"),
          "libs/kernel/src/test/resources/golden/v1/approve.jsonl");

  private GoldenRun() {}

  /** The ledger's rows. */
  public static List<ObjectNode> ledger() throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(HISTORY)) {
      rows.add((ObjectNode) Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class));
    }
    return rows;
  }

  /** A record for each row, and one access decision at the end. */
  public static List<ObjectNode> records() throws IOException {
    List<ObjectNode> records = new ArrayList<>();
    for (ObjectNode row : ledger()) {
      ObjectNode record = record(records.size(), "JOURNAL");
      record.put("topic", row.at("/envelope/topic").asText());
      ObjectNode journal = record.putObject("journal");
      journal.put("sequence", row.at("/envelope/sequence").asLong());
      journal.set("row_kind", row.path("kind"));
      for (String same :
          List.of("run_uid", "lane", "lane_position", "envelope", "prev_hash", "hash")) {
        journal.set(same, row.path(same));
      }
      records.add(record);
    }
    ObjectNode access = record(records.size(), "ACCESS");
    access.putObject("access").putObject("decision").put("effect", "ALLOW").put("subject", "ada");
    records.add(access);
    return records;
  }

  /** What provenance says of the golden run, as far as it is checked. */
  public static ObjectNode manifest() throws IOException {
    List<ObjectNode> ledger = ledger();
    Finding.Match match =
        (Finding.Match) LedgerVerifier.verify(new ByteArrayInputStream(lines(ledger)));
    ObjectNode manifest = Json.mapper().createObjectNode();
    manifest.put("run_id", RUN_ID);
    manifest
        .putObject("inputs")
        .put(
            "pre_contract_sha256",
            CanonicalJson.sha256(ledger.getFirst().at("/envelope/payload/input/document")));
    ObjectNode artifacts = manifest.putObject("artifacts");
    artifacts
        .putObject("journal")
        .put("run_uid", ledger.getFirst().path("run_uid").asText())
        .put("sequence", ledger.size())
        .put("head_hash", ledger.getLast().path("hash").asText());
    artifacts.put("state", match.stateSha256());
    return manifest;
  }

  /** A report of the first attempt that came after the run had ended. */
  public static ObjectNode lateReport() throws IOException {
    ObjectNode claimed =
        ledger().stream()
            .filter(row -> row.at("/envelope/topic").asText().equals("task.claimed"))
            .findFirst()
            .orElseThrow();
    ObjectNode late = Json.mapper().createObjectNode();
    late.put("operation_id", "0193-late").set("run_uid", claimed.get("run_uid"));
    late.set("attempt_id", claimed.at("/envelope/payload/attempt_id"));
    late.put("reason_code", "ATTEMPT.FENCED").put("received_at", "2026-11-20T00:00:00.000Z");
    late.putObject("actor").put("subject", "eve");
    late.putObject("report").put("fence", 3);
    return late;
  }

  private static ObjectNode record(int index, String kind) {
    ObjectNode record = Json.mapper().createObjectNode();
    record.put("log_index", 7 + 2 * index).put("kind", kind);
    record.put("namespace", NAMESPACE).put("at", "2026-11-18T11:06:40.000Z").put("run_id", RUN_ID);
    record.putArray("reason_codes");
    return record;
  }

  /** One JSON object a line. */
  public static byte[] lines(List<ObjectNode> rows) {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(row).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
