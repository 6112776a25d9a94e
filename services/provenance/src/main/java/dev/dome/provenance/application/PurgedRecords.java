package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.id.NamespaceId;
import java.util.Optional;

/**
 * What the audit says is left of a purged run, or of a namespace's access decisions of a month.
 *
 * @param index in the order of the audit's tombstones, which it gives again when it was put back
 * @param digest SHA-256 of the document
 * @param document canonical JSON
 */
public record PurgedRecords(long index, String digest, NamespaceId namespace, String document) {

  /**
   * A tombstone as it was told.
   *
   * @param digest as the audit says it is
   */
  public record Told(long index, String digest, JsonNode document) {

    /** The tombstone; empty when the digest is not of the document, or it names no namespace. */
    public Optional<PurgedRecords> holding() {
      String text = CanonicalJson.text(document);
      String namespace = document.path("namespace").asText();
      return CanonicalJson.sha256(document).equals(digest)
              && NamespaceId.PATTERN.matcher(namespace).matches()
          ? Optional.of(new PurgedRecords(index, digest, new NamespaceId(namespace), text))
          : Optional.empty();
    }
  }
}
