package dev.dome.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import java.nio.charset.StandardCharsets;

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

  /** A row and the canonical text of its envelope, as it is hashed and stored. */
  public record Sealed(JournalRow row, String envelopeText) {}

  /** Places an entry and links it to the row before it. */
  public static JournalRow seal(
      JournalEntry entry,
      RunUid runUid,
      NamespaceId namespace,
      Lane lane,
      long lanePosition,
      String prevHash) {
    return sealed(entry, runUid, namespace, lane, lanePosition, prevHash).row();
  }

  /** As {@link #seal}, with the text that the hash was made over. */
  public static Sealed sealed(
      JournalEntry entry,
      RunUid runUid,
      NamespaceId namespace,
      Lane lane,
      long lanePosition,
      String prevHash) {
    JournalRow open =
        new JournalRow(
            runUid, namespace, lane, lanePosition, entry.kind(), entry.envelope(), prevHash, null);
    String envelopeText = textOf(entry.envelope());
    return new Sealed(open.withHash(open.hashOver(envelopeText)), envelopeText);
  }

  private JournalRow withHash(String own) {
    return new JournalRow(runUid, namespace, lane, lanePosition, kind, envelope, prevHash, own);
  }

  /** Whether the stored hash is the one its content has. */
  public boolean hashHolds() {
    return hashHolds(textOf(envelope));
  }

  /** As {@link #hashHolds()}, with the text of the envelope at hand. */
  boolean hashHolds(String envelopeText) {
    return hash.equals(hashOver(envelopeText));
  }

  /** An envelope as it is hashed: its canonical JSON. */
  static String textOf(EventEnvelope envelope) {
    return CanonicalJson.text(treeOf(envelope));
  }

  /**
   * The canonical form of the other components with the envelope's text put in place: its field is
   * the first by name, so what is around it follows as an object of its own.
   */
  private String hashOver(String envelopeText) {
    ObjectNode around = Json.mapper().createObjectNode();
    around.put("run_uid", runUid.value());
    around.put("namespace", namespace.value());
    around.put("lane", lane.number());
    around.put("lane_position", Long.toString(lanePosition));
    around.put("kind", kind.name());
    around.put("prev_hash", prevHash);
    String text = "{\"envelope\":" + envelopeText + "," + CanonicalJson.text(around).substring(1);
    return CanonicalJson.sha256(text.getBytes(StandardCharsets.UTF_8));
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
