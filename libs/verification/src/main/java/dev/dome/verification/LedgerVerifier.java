package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Verifies the ledger of one run from its first row on. Rows have the shape of the items of {@code
 * GET /v1/namespaces/{ns}/runs/{id}/ledger}.
 */
public final class LedgerVerifier {
  private LedgerVerifier() {}

  /**
   * Verifies one row per line, in UTF-8, up to the first that differs.
   *
   * @throws IOException when the lines cannot be read; whatever they hold is a finding
   */
  public static Finding verify(InputStream jsonLines) throws IOException {
    LedgerVerification verification = new LedgerVerification();
    LedgerRow.each(jsonLines, verification::add);
    return verification.finding();
  }

  /** Verifies rows that were parsed already. */
  public static Finding verify(List<JsonNode> trees) {
    LedgerVerification verification = new LedgerVerification();
    for (JsonNode tree : trees) {
      if (!verification.add(tree)) {
        break;
      }
    }
    return verification.finding();
  }
}
