package dev.dome.statecontroller.application;

/**
 * What a part of a batch may take before it ends early, so that the transaction stays within its
 * time and its memory. What was left out is done by the next batch.
 */
final class BatchBudget {
  private final Limits limits;
  private final Clock clock;
  private final Ledger ledger;
  private final long begunAtMs;
  private final int rowsBefore;
  private final long charsBefore;

  /**
   * Limits of a part.
   *
   * @param maxMs well below the time that the store lets a transaction be idle
   * @param maxRows journal rows
   * @param maxChars of those rows' envelopes
   */
  record Limits(long maxMs, int maxRows, long maxChars) {
    static final Limits DEFAULT = new Limits(500, 5_000, 8L << 20);
  }

  /** The budget of a part that begins now. */
  BatchBudget(Limits limits, Clock clock, Ledger ledger) {
    this.limits = limits;
    this.clock = clock;
    this.ledger = ledger;
    this.begunAtMs = clock.nowMs();
    this.rowsBefore = ledger.journal().size();
    this.charsBefore = ledger.journalChars();
  }

  boolean spent() {
    return clock.nowMs() - begunAtMs >= limits.maxMs()
        || ledger.journal().size() - rowsBefore >= limits.maxRows()
        || ledger.journalChars() - charsBefore >= limits.maxChars();
  }
}
