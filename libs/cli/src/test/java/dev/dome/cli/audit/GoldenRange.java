package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.verification.Tombstone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the audit has of a namespace with a run that ended, one that goes on, one that was purged,
 * and somebody who asked for one that never was.
 */
final class GoldenRange {
  static final String UNFINISHED = "queue-run";
  static final String PURGED_RUN = "purged-run";
  static final String GHOST = "ghost-run";
  static final long TOMBSTONE = 3;

  private static final long ZERO_MS = 1_795_000_000_000L;
  private static final int ROWS_OF_FIRST_STEP = 4;
  private static final Path OTHER =
      Path.of(
          System.getProperty("dome.root"), "libs/kernel/src/test/resources/golden/v1/cancel.jsonl");

  /** The beginning of both runs and the end of one lie outside. */
  static final BagRange RANGE =
      new BagRange(new NamespaceId(GoldenRun.NAMESPACE), ZERO_MS + 5, ZERO_MS + 400);

  final Map<String, List<ObjectNode>> ledgers = new TreeMap<>();
  final List<ObjectNode> records = new ArrayList<>();
  final ObjectNode tombstone = tombstone(PURGED_RUN);

  /** A decision of the range that names no run. */
  final ObjectNode inRange;

  private String head = "a".repeat(64);
  private int acts = 3;

  GoldenRange() throws IOException {
    ledgers.put(GoldenRun.RUN_ID, GoldenRun.ledger());
    ledgers.put(UNFINISHED, unfinished());
    for (Map.Entry<String, List<ObjectNode>> run : ledgers.entrySet()) {
      List<ObjectNode> rows = GoldenRun.records(run.getValue());
      rows.removeLast();
      rows.forEach(record -> add(record.put("run_id", run.getKey())));
    }
    decision(GoldenRun.RUN_ID, "SUBMIT_RUN", 0);
    decision(GoldenRun.RUN_ID, "PAUSE_RUN", 60);
    decision(UNFINISHED, "CANCEL_RUN", 100);
    decision(GHOST, "EXPORT_AUDIT", 150);
    anonymous(160);
    decision(PURGED_RUN, "EXPORT_AUDIT", 170);
    act("audit.hold.placed", 200, Json.mapper().createObjectNode().put("hold_id", "one"));
    purged(210);
    decision(null, "EXPORT_AUDIT", 300);
    inRange = records.getLast();
    decision(GoldenRun.RUN_ID, "EXPORT_AUDIT", 900);
  }

  private static List<ObjectNode> unfinished() throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(OTHER).subList(0, ROWS_OF_FIRST_STEP)) {
      rows.add((ObjectNode) Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class));
    }
    return rows;
  }

  static ObjectNode tombstone(String run) throws IOException {
    ObjectNode tombstone = GoldenRun.tombstone();
    ObjectNode document = (ObjectNode) tombstone.path("document");
    document.put("run_id", run).put("month", "2026-10");
    document.put("purged_at", Timestamps.format(ZERO_MS + 210));
    tombstone.put("index", TOMBSTONE).put("digest", CanonicalJson.sha256(document));
    return tombstone;
  }

  private void add(ObjectNode record) {
    records.add(record.put("log_index", 5 + 2 * records.size()));
  }

  private void decision(String run, String operation, int afterMs) throws IOException {
    ObjectNode record = GoldenRun.records().getLast();
    record.put("at", Timestamps.format(ZERO_MS + afterMs));
    ObjectNode access = (ObjectNode) record.path("access");
    access.put("sequence", records.size());
    ObjectNode decision = (ObjectNode) access.path("decision");
    decision.put("at_ms", ZERO_MS + afterMs).put("operation", operation);
    if (run == null) {
      record.remove("run_id");
      decision.remove("run_id");
    } else {
      record.put("run_id", run);
      decision.put("run_id", run);
    }
    add(record);
  }

  private void anonymous(int afterMs) throws IOException {
    decision(null, "READ", afterMs);
    ObjectNode record = records.getLast();
    record.remove("actor");
    record.withArray("reason_codes").add("AUTH.TOKEN_MISSING");
    ObjectNode decision = record.withObject("/access/decision");
    decision.remove(List.of("subject", "trace_id"));
    decision.put("effect", "DENY").put("reason_code", "AUTH.TOKEN_MISSING");
    decision.put("source", "192.0.2.1").put("count", 3);
  }

  private void purged(int afterMs) {
    String digest = tombstone.path("digest").asText();
    ObjectNode detail = Json.mapper().createObjectNode().put("tombstones", 1);
    detail.put("first_tombstone", TOMBSTONE).put("last_tombstone", TOMBSTONE);
    detail.put("tombstones_sha256", Tombstone.ofAll(List.of(digest)));
    act("audit.purged", afterMs, detail);
  }

  private void act(String what, int afterMs, ObjectNode document) {
    String at = Timestamps.format(ZERO_MS + afterMs);
    acts++;
    document.put("namespace", GoldenRun.NAMESPACE).put("actor", "olga").put("act", what);
    document.put("at", at).put("sequence", acts).put("prev_hash", head).putNull("run_id");
    ObjectNode record = Json.mapper().createObjectNode().put("log_index", 0).put("kind", "ADMIN");
    record.put("namespace", GoldenRun.NAMESPACE).put("at", at).put("actor", "olga");
    record.put("topic", what).putArray("reason_codes");
    ObjectNode admin = record.putObject("admin").put("sequence", acts);
    admin.set("document", document);
    admin.put("prev_hash", head);
    head = CanonicalJson.sha256(document);
    admin.put("hash", head);
    add(record);
  }

  /** As the export of a run has them. */
  List<ObjectNode> recordsOf(String run) {
    return records.stream()
        .filter(record -> record.path("run_id").asText().equals(run) && !record.has("admin"))
        .toList();
  }

  /** As the export of a range has them. */
  List<ObjectNode> recordsIn(BagRange range) {
    return records.stream().filter(record -> range.has(record.path("at").asText())).toList();
  }

  long logSize() {
    return records.getLast().path("log_index").asLong() + 1;
  }
}
