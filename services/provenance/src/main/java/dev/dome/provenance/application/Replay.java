package dev.dome.provenance.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.verification.Finding;

/**
 * A verification of a run's ledger that was made.
 *
 * @param requestedBy the caller's subject, or {@link #BY_ITSELF}
 * @param verifiedAtMs epoch milliseconds
 */
public record Replay(
    String replayId,
    NamespaceId namespace,
    RunId runId,
    String requestedBy,
    long verifiedAtMs,
    Finding finding) {
  /** Every completed run is verified without anybody asking. */
  public static final String BY_ITSELF = "dome-provenance";
}
