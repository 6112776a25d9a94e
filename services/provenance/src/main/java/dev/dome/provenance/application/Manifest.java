package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import java.nio.charset.StandardCharsets;

/**
 * A run.manifest artifact as it is stored and served.
 *
 * @param sha256 of the text in UTF-8
 * @param text RFC 8785 canonical JSON
 */
public record Manifest(String sha256, String text) {

  public static Manifest of(JsonNode document) {
    return new Manifest(CanonicalJson.sha256(document), CanonicalJson.text(document));
  }

  /** What the digest is of. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
