package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.verification.Tombstone;
import java.util.List;
import java.util.NavigableMap;

/**
 * What the acts on the audit follow that lie in a range: each is made of its document, has its
 * hash, and names the hash of the one before it; and a purge left the tombstones that it names.
 */
final class ActRules {
  private final NavigableMap<Long, String> tombstones;
  private long sequence;
  private String head = "";

  /**
   * Of a namespace.
   *
   * @param tombstones the digest of each that there is, by its index
   */
  ActRules(NavigableMap<Long, String> tombstones) {
    this.tombstones = tombstones;
  }

  /**
   * Checks the next act of the log.
   *
   * @param at begins the finding
   * @throws Failure at the first rule that it breaks
   */
  void check(ObjectNode record, String at) {
    JsonNode document = record.at("/admin/document");
    Failure.unless(document.isObject(), at + "no act");
    long number = document.path("sequence").asLong();
    String before = document.path("prev_hash").asText();
    Failure.unless(
        head.isEmpty() ? number >= 1 : number == sequence + 1 && before.equals(head),
        at + "the act does not follow the one before it");
    sequence = number;
    head = CanonicalJson.sha256(document);
    Failure.unlessSame(at, record, recordOf(record, document));
    if (document.path("act").asText().equals(NamedByRecords.PURGED)) {
      purged(document, at);
    }
  }

  private void purged(JsonNode document, String at) {
    long first = document.path("first_tombstone").asLong();
    long last = Math.max(first, document.path("last_tombstone").asLong());
    List<String> left = List.copyOf(tombstones.subMap(first, true, last, true).values());
    Failure.unless(
        left.size() == document.path("tombstones").asLong()
            && document.path("tombstones_sha256").asText().equals(Tombstone.ofAll(left)),
        Failure.MISSING,
        at + "the purge left other tombstones than the export has");
  }

  /** What the audit makes of an act. */
  private ObjectNode recordOf(ObjectNode given, JsonNode document) {
    ObjectNode record = Json.mapper().createObjectNode();
    record.set("log_index", given.get("log_index"));
    record.put("kind", "ADMIN").set("namespace", document.path("namespace"));
    record.set("at", document.path("at"));
    if (document.hasNonNull("run_id")) {
      record.set("run_id", document.get("run_id"));
    }
    record.set("actor", document.path("actor"));
    record.set("topic", document.path("act"));
    record.putArray("reason_codes");
    ObjectNode admin = record.putObject("admin");
    admin.put("sequence", sequence).set("document", document);
    admin.set("prev_hash", document.path("prev_hash"));
    admin.put("hash", head);
    return record;
  }
}
