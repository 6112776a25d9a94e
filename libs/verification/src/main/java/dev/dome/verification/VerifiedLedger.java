package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.wire.PublishedRow;
import java.io.IOException;
import java.io.InputStream;

/**
 * A ledger while it is read: verified row by row, and what its manifest needs taken out of the rows
 * that hold. No row is kept. For use by one thread at a time.
 */
public final class VerifiedLedger {
  private final LedgerVerification verification = new LedgerVerification();
  private final RunManifest manifest = new RunManifest();

  /**
   * Reads a whole ledger, one row per line, up to the first row that differs.
   *
   * @throws IOException when the lines cannot be read; whatever they hold is a finding
   */
  public static VerifiedLedger of(InputStream jsonLines) throws IOException {
    VerifiedLedger ledger = new VerifiedLedger();
    LedgerRow.each(jsonLines, ledger::add);
    return ledger;
  }

  /** Takes the next row; false once something differs. */
  public boolean add(JsonNode row) {
    return add(LedgerRow.of(row));
  }

  /** Takes the next row, read by its type; false once something differs. */
  public boolean add(PublishedRow row) {
    return add(LedgerRow.of(row));
  }

  private boolean add(LedgerRow line) {
    boolean holds = verification.add(line);
    if (holds && line instanceof LedgerRow.Row held) {
      manifest.add(held.row().envelope());
    }
    return holds;
  }

  public Finding finding() {
    return verification.finding();
  }

  /**
   * The manifest of the run.
   *
   * @param match the finding, of a run that is complete
   * @throws IllegalStateException when what the ledger holds makes no valid artifact
   */
  public Manifest manifest(Finding.Match match) {
    return manifest.of(match);
  }
}
