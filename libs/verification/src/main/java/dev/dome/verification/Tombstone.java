package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the audit says is left of a purged run: the hashes of its rows, so that whoever still has a
 * row, an export or the manifest can show that it is of what was there.
 *
 * @param index in the order of all tombstones
 * @param digest SHA-256 of what the audit says, which the act of purging names
 * @param hashes of the rows from the first sequence on, none missing
 */
public record Tombstone(
    long index,
    String digest,
    String namespace,
    String runId,
    String runUid,
    long firstSequence,
    List<String> hashes) {
  private static final String KIND = "RUN";

  public Tombstone {
    hashes = List.copyOf(hashes);
  }

  /** Whether what the audit listed is of a run, and not of the access decisions of a month. */
  public static boolean isOfARun(JsonNode listed) {
    return listed.at("/document/kind").asText().equals(KIND);
  }

  /**
   * Reads one as {@code GET audit/tombstones/{index}} shows it and holds it to itself.
   *
   * @throws IllegalArgumentException that says what does not hold
   */
  public static Tombstone read(JsonNode shown) {
    JsonNode document = shown.path("document");
    unless(document.isObject() && isOfARun(shown), "it is of no run");
    String digest = CanonicalJson.sha256(document);
    unless(digest.equals(shown.path("digest").asText()), "its digest is not of its document");
    List<String> hashes = new ArrayList<>();
    shown.path("record_hashes").forEach(hash -> hashes.add(hash.asText()));
    long first = document.path("first_sequence").asLong();
    unless(!hashes.isEmpty(), "it has no record hashes");
    unless(
        document.path("records").asLong() == hashes.size()
            && document.path("last_sequence").asLong() == first + hashes.size() - 1,
        "it does not have a hash for each sequence");
    unless(
        document.path("head_hash").asText().equals(hashes.getLast()),
        "its head is not the last hash");
    unless(
        document.path("records_sha256").asText().equals(sha256(hashes)),
        "its record hashes are others than its document names");
    unless(document.path("chained").asBoolean(), "the chain was broken when it was purged");
    return new Tombstone(
        shown.path("index").asLong(),
        digest,
        document.path("namespace").asText(),
        document.path("run_id").asText(),
        document.path("run_uid").asText(),
        first,
        hashes);
  }

  private static void unless(boolean holds, String finding) {
    if (!holds) {
      throw new IllegalArgumentException(finding);
    }
  }

  private static String sha256(List<String> lines) {
    return CanonicalJson.sha256((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The digest that an act of purging names for the digests of its tombstones, in order. */
  public static String ofAll(List<String> digests) {
    return sha256(digests);
  }

  /** Of the last row. */
  public String headHash() {
    return hashes.getLast();
  }

  /** The hash that the row of a sequence had; empty for one that it says nothing of. */
  public Optional<String> hashOf(long sequence) {
    return sequence < firstSequence || sequence >= firstSequence + hashes.size()
        ? Optional.empty()
        : Optional.of(hashes.get((int) (sequence - firstSequence)));
  }
}
