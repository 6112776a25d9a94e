package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import java.nio.charset.StandardCharsets;

/**
 * A run.manifest artifact as it is made, stored and served.
 *
 * @param sha256 of the text in UTF-8
 * @param text RFC 8785 canonical JSON
 */
public record Manifest(String sha256, String text) {

  static Manifest of(JsonNode document) {
    return new Manifest(CanonicalJson.sha256(document), CanonicalJson.text(document));
  }

  /** What the digest is of. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
