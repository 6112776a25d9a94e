package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerification;

/**
 * A ledger while it is read: verified row by row, and what its manifest needs taken out of the rows
 * that hold. No row is kept.
 */
final class VerifiedLedger {
  private final LedgerVerification verification = new LedgerVerification();
  private final RunManifest manifest = new RunManifest();

  /** Takes the next row; false once something differs. */
  boolean add(JsonNode row) {
    boolean holds = verification.add(row);
    if (holds) {
      manifest.add(row);
    }
    return holds;
  }

  Finding finding() {
    return verification.finding();
  }

  /**
   * The manifest of the run.
   *
   * @param match the finding
   */
  Manifest manifest(Finding.Match match) {
    return manifest.of(match);
  }
}
