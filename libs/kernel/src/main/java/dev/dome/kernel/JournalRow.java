package dev.dome.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;

/**
 * A stored journal row: the envelope, and around it its place and its link in the run's hash chain.
 *
 * @param lanePosition from 1, gapless within the lane
 * @param prevHash hash of the row before it in the run, {@link #GENESIS} for the first
 * @param hash SHA-256 over the canonical JSON of every other component, lanePosition as a string
 */
public record JournalRow(
    RunUid runUid,
    NamespaceId namespace,
    Lane lane,
    long lanePosition,
    JournalEntry.Kind kind,
    EventEnvelope envelope,
    String prevHash,
    String hash) {
  public static final String GENESIS = "0".repeat(64);

  /** Places an entry and links it to the row before it. */
  public static JournalRow seal(
      JournalEntry entry,
      RunUid runUid,
      NamespaceId namespace,
      Lane lane,
      long lanePosition,
      String prevHash) {
    String hash =
        hashOf(runUid, namespace, lane, lanePosition, entry.kind(), entry.envelope(), prevHash);
    return new JournalRow(
        runUid, namespace, lane, lanePosition, entry.kind(), entry.envelope(), prevHash, hash);
  }

  /** Whether the stored hash is the one its content has. */
  public boolean hashHolds() {
    return hash.equals(hashOf(runUid, namespace, lane, lanePosition, kind, envelope, prevHash));
  }

  private static String hashOf(
      RunUid runUid,
      NamespaceId namespace,
      Lane lane,
      long lanePosition,
      JournalEntry.Kind kind,
      EventEnvelope envelope,
      String prevHash) {
    ObjectNode row = Json.mapper().createObjectNode();
    row.put("run_uid", runUid.value());
    row.put("namespace", namespace.value());
    row.put("lane", lane.number());
    row.put("lane_position", Long.toString(lanePosition));
    row.put("kind", kind.name());
    row.set("envelope", treeOf(envelope));
    row.put("prev_hash", prevHash);
    return CanonicalJson.sha256(row);
  }

  /** The envelope's JSON over its own payload tree, which this spares from being copied. */
  private static ObjectNode treeOf(EventEnvelope envelope) {
    ObjectNode tree = Json.mapper().createObjectNode();
    tree.put("schema_version", envelope.schemaVersion());
    tree.put("sequence", envelope.sequence());
    tree.put("event_id", envelope.eventId());
    tree.put("ts", envelope.ts());
    tree.put("topic", envelope.topic());
    tree.put("run_id", envelope.runId().value());
    tree.set("payload", envelope.payload());
    return tree;
  }
}
