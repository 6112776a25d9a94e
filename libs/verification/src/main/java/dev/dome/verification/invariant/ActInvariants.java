package dev.dome.verification.invariant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.verification.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The acts on a namespace's audit: one chain from the first on, and for each purge the tombstones
 * that it says it left.
 */
public final class ActInvariants {
  private static final String FIRST = "0".repeat(64);
  private static final String PURGED = "audit.purged";

  private final String namespace;
  private final NavigableMap<Long, String> digests = new TreeMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private String head = FIRST;
  private long acts;

  /**
   * Of one namespace.
   *
   * @param tombstones all of it, as they are listed
   */
  public ActInvariants(String namespace, List<JsonNode> tombstones) {
    this.namespace = namespace;
    for (JsonNode tombstone : tombstones) {
      long index = tombstone.path("index").asLong();
      String digest = CanonicalJson.sha256(tombstone.path("document"));
      if (!digest.equals(tombstone.path("digest").asText())) {
        found("tombstone " + index, "does not have the digest of its document");
      }
      digests.put(index, digest);
    }
  }

  /**
   * The next record of kind ADMIN, in the order of the log.
   *
   * @param record as {@code GET audit/records} has it
   */
  public void add(JsonNode record) {
    JsonNode document = record.at("/admin/document");
    acts++;
    String hash = CanonicalJson.sha256(document);
    if (document.path("sequence").asLong() != acts
        || !document.path("prev_hash").asText().equals(head)
        || !document.path("namespace").asText().equals(namespace)) {
      found("act " + acts, "does not follow the one before it");
    }
    if (!hash.equals(record.at("/admin/hash").asText())) {
      found("act " + acts, "does not have the hash of its document");
    }
    head = hash;
    if (document.path("act").asText().equals(PURGED)) {
      purged(document);
    }
  }

  private void purged(JsonNode document) {
    long first = document.path("first_tombstone").asLong();
    long last = Math.max(first, document.path("last_tombstone").asLong());
    NavigableMap<Long, String> left = digests.subMap(first, true, last, true);
    if (left.size() != document.path("tombstones").asLong()
        || !document.path("tombstones_sha256").asText().equals(ofAll(left))) {
      found("act " + acts, "left other tombstones than there are");
    }
    left.clear();
  }

  private static String ofAll(NavigableMap<Long, String> left) {
    return Tombstone.ofAll(List.copyOf(left.values()));
  }

  /** Everything wrong, once every act was added. */
  public List<Violation> violations() {
    List<Violation> all = new ArrayList<>(violations);
    digests.keySet().forEach(index -> all.add(violation("tombstone " + index, "is of no purge")));
    return all;
  }

  public long acts() {
    return acts;
  }

  private void found(String what, String how) {
    violations.add(violation(what, how));
  }

  private Violation violation(String what, String how) {
    return new Violation(Invariant.UNBROKEN_CHAINS, namespace, what + " of the audit " + how);
  }
}
