package dev.dome.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.run.Ledger;
import dev.dome.client.DomeClient;
import dev.dome.contracts.CanonicalJson;
import java.util.List;
import java.util.Optional;

/**
 * Checks a run's journal from outside: sequences without a gap, each row's hash equal to SHA-256
 * over the canonical JSON of its content, each row linked to the one before it.
 */
final class ChainCheck {
  private static final String GENESIS = "0".repeat(64);

  private ChainCheck() {}

  /**
   * What was found.
   *
   * @param defect the first thing that does not hold; empty when all does
   */
  record Report(long rows, String headHash, Optional<String> defect) {}

  static Report of(DomeClient client, String runId) {
    return of(Ledger.rows(client, runId));
  }

  static Report of(List<JsonNode> rows) {
    String previous = GENESIS;
    long expected = 1;
    for (JsonNode row : rows) {
      String hash = row.path("hash").asText();
      String at = "row " + expected + ": ";
      if (row.path("envelope").path("sequence").asLong() != expected) {
        return new Report(rows.size(), hash, Optional.of(at + "the sequence has a gap"));
      }
      if (!row.path("prev_hash").asText().equals(previous)) {
        return new Report(rows.size(), hash, Optional.of(at + "not linked to the row before"));
      }
      if (!hash.equals(hashOf(row))) {
        return new Report(rows.size(), hash, Optional.of(at + "its content has another hash"));
      }
      previous = hash;
      expected++;
    }
    return new Report(rows.size(), previous, Optional.empty());
  }

  /** The row's content in the form its hash is taken of: 64-bit integers as text, no hash. */
  private static String hashOf(JsonNode row) {
    ObjectNode content = row.deepCopy();
    content.remove("hash");
    content.put("lane_position", row.path("lane_position").asText());
    return CanonicalJson.sha256(content);
  }
}
