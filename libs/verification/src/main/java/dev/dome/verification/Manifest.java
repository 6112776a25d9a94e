package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import java.nio.charset.StandardCharsets;

/**
 * A run.manifest artifact as it is made, stored and served.
 *
 * @param sha256 of the text in UTF-8
 * @param text RFC 8785 canonical JSON
 * @param runGate canonical JSON of what the run came to, from the same ledger (doc/predicates);
 *     null for a manifest that was stored before there was any
 */
public record Manifest(String sha256, String text, String runGate) {

  static Manifest of(JsonNode document, JsonNode runGate) {
    return new Manifest(
        CanonicalJson.sha256(document), CanonicalJson.text(document), CanonicalJson.text(runGate));
  }

  /** What the digest is of. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
