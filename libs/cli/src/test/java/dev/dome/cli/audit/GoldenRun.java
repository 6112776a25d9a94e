package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.verification.Finding;
import dev.dome.verification.Manifest;
import dev.dome.verification.Tombstone;
import dev.dome.verification.VerifiedLedger;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A run as the kernel's golden history has it, and as the audit would have recorded it. */
public final class GoldenRun {
  public static final String NAMESPACE = "team-a";
  public static final String RUN_ID = "golden-approve";

  /** Rows of the run's submission: the input, and what was derived from it. */
  static final int FIRST_STEP = 3;

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

  /** The ledger with another worker in every row, and a chain that hides it. */
  static List<ObjectNode> forgedLedger() throws IOException {
    List<ObjectNode> forged = new ArrayList<>();
    String previous = "0".repeat(64);
    for (ObjectNode row : ledger()) {
      String text = row.toString().replace("worker-1", "worker-9");
      ObjectNode content =
          (ObjectNode) Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
      content.remove("hash");
      content.put("prev_hash", previous);
      ObjectNode hashed = content.deepCopy();
      previous =
          CanonicalJson.sha256(hashed.put("lane_position", content.path("lane_position").asText()));
      forged.add(content.put("hash", previous));
    }
    return forged;
  }

  /** A record for each row, and one access decision at the end. */
  public static List<ObjectNode> records() throws IOException {
    return records(ledger());
  }

  static List<ObjectNode> records(List<ObjectNode> ledger) {
    List<ObjectNode> records = new ArrayList<>();
    for (ObjectNode row : ledger) {
      records.add(record(records.size(), row));
    }
    records.add(allowed(records.size()));
    return records;
  }

  private static ObjectNode record(int index, ObjectNode row) {
    JsonNode envelope = row.path("envelope");
    ObjectNode record = record(index, "JOURNAL", envelope.path("ts").asText());
    JsonNode actor = envelope.at("/payload/context/actor/subject");
    if (actor.isTextual()) {
      record.set("actor", actor);
    }
    record.set("topic", envelope.path("topic"));
    TreeSet<String> codes = new TreeSet<>();
    for (String place : List.of("/payload", "/payload/input")) {
      if (envelope.at(place + "/reason_code").isTextual()) {
        codes.add(envelope.at(place + "/reason_code").asText());
      }
      envelope.at(place + "/reason_codes").forEach(code -> codes.add(code.asText()));
    }
    record.set("reason_codes", Json.tree(codes));
    ObjectNode journal = record.putObject("journal");
    journal.put("sequence", envelope.path("sequence").asLong());
    journal.set("row_kind", row.path("kind"));
    for (String same :
        List.of("run_uid", "lane", "lane_position", "envelope", "prev_hash", "hash")) {
      journal.set(same, row.path(same));
    }
    return record;
  }

  private static ObjectNode allowed(int index) {
    ObjectNode record = record(index, "ACCESS", "2026-11-18T11:06:40.000Z");
    record.put("actor", "ada").putArray("reason_codes");
    ObjectNode access = record.putObject("access");
    access.put("service", "ingest").put("incarnation", "2026-11-18T11:00:00Z");
    access.put("sequence", 12).put("ordinal", 3);
    ObjectNode decision = access.putObject("decision");
    decision.put("at_ms", 1_795_000_000_000L).put("effect", "ALLOW").put("subject", "ada");
    decision.put("operation", "SUBMIT_RUN").put("namespace", NAMESPACE).put("run_id", RUN_ID);
    decision.put("trace_id", "0af7651916cd43dd8448eb211c80319c").put("count", 1);
    return record;
  }

  /** What provenance says of the golden run. */
  public static ObjectNode manifest() throws IOException {
    return manifest(ledger());
  }

  static ObjectNode manifest(List<ObjectNode> rows) throws IOException {
    VerifiedLedger ledger = VerifiedLedger.of(new ByteArrayInputStream(lines(rows)));
    Manifest made = ledger.manifest((Finding.Match) ledger.finding());
    return (ObjectNode) Json.read(made.bytes(), JsonNode.class);
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
    late.putObject("actor").put("subject", "eve").putArray("roles").add("worker");
    late.putObject("report").put("fence", 3);
    return late;
  }

  /** What the audit shows of the run once it was purged. */
  public static ObjectNode tombstone() throws IOException {
    return tombstoneOf(ledger().stream().map(row -> row.path("hash").asText()).toList());
  }

  /** The same of rows with these hashes. */
  public static ObjectNode tombstoneOf(List<String> hashes) throws IOException {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("kind", "RUN").put("namespace", NAMESPACE).put("run_id", RUN_ID);
    document.set("run_uid", ledger().getFirst().get("run_uid"));
    document.put("first_sequence", 1).put("last_sequence", hashes.size());
    document.put("records", hashes.size()).put("head_hash", hashes.getLast());
    document.put("chained", true).put("records_sha256", Tombstone.ofAll(hashes));
    ObjectNode tombstone = Json.mapper().createObjectNode().put("index", 3);
    tombstone.put("digest", CanonicalJson.sha256(document)).set("document", document);
    tombstone.set("record_hashes", Json.tree(hashes));
    return tombstone;
  }

  private static ObjectNode record(int index, String kind, String at) {
    ObjectNode record = Json.mapper().createObjectNode();
    record.put("log_index", 7 + 2 * index).put("kind", kind);
    record.put("namespace", NAMESPACE).put("at", at).put("run_id", RUN_ID);
    return record;
  }

  /** One JSON object a line. */
  public static byte[] lines(List<ObjectNode> rows) {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(row).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
