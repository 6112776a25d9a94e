package dev.dome.auditexport;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.List;

/** One run's part of a lane, chained by hashes as the state-controller chains it. */
final class Ledger {
  private final NamespaceId namespace;
  private final RunId runId;
  private final RunUid runUid;
  private final Lane lane;
  private final List<PublishedRow> rows = new ArrayList<>();

  Ledger(String namespace, String runId, Lane lane) {
    this.namespace = new NamespaceId(namespace);
    this.runId = new RunId(runId);
    this.runUid = RunUid.derive(this.namespace, this.runId, "submission");
    this.lane = lane;
  }

  /** A run of so many rows, the same whoever makes it. */
  static Ledger ofLane(Lane lane, int rows) {
    Ledger ledger = new Ledger("tenant-lane-" + lane, "run-of-lane-" + lane, lane);
    for (int i = 0; i < rows; i++) {
      ledger.event("task.assigned", payload().put("task_id", "t-" + i).put("share", i / 7.0));
    }
    return ledger;
  }

  static ObjectNode payload() {
    return Json.mapper().createObjectNode();
  }

  List<PublishedRow> rows() {
    return List.copyOf(rows);
  }

  List<byte[]> bodies(int from, int to) {
    return rows.subList(from - 1, to).stream().map(Json::write).toList();
  }

  Ledger input(String topic, String actor, ObjectNode input) {
    ObjectNode payload = payload();
    payload.putObject("context").putObject("actor").put("subject", actor);
    payload.set("input", input);
    return row(PublishedRow.Kind.INPUT, topic, payload);
  }

  Ledger event(String topic, ObjectNode payload) {
    return row(PublishedRow.Kind.EVENT, topic, payload);
  }

  private Ledger row(PublishedRow.Kind kind, String topic, ObjectNode payload) {
    long next = rows.size() + 1L;
    EventEnvelope envelope =
        new EventEnvelope(
            EventEnvelope.SCHEMA_VERSION,
            next,
            runUid.eventId(next),
            Timestamps.format(1_000 * next),
            topic,
            runId,
            payload);
    String previous = rows.isEmpty() ? "0".repeat(64) : rows.getLast().hash();
    PublishedRow unhashed =
        new PublishedRow(runUid, namespace, lane, next, kind, envelope, previous, "");
    rows.add(
        new PublishedRow(
            runUid, namespace, lane, next, kind, envelope, previous, hash(Json.tree(unhashed))));
    return this;
  }

  /** SHA-256 over the canonical JSON of a row without its hash, 64-bit integers as text. */
  static String hash(com.fasterxml.jackson.databind.JsonNode row) {
    ObjectNode content = row.deepCopy();
    content.remove("hash");
    content.put("lane_position", row.path("lane_position").asText());
    return CanonicalJson.sha256(content);
  }
}
