package dev.dome.auditexport.retention;

import java.time.YearMonth;

/**
 * The records of one class and month, as a purge would find them now.
 *
 * @param expiresAtMs when the time of its last day is over
 * @param due whether it is
 * @param runs that would be removed; 0 before it is due, as for the others
 * @param heldRuns that would be kept by holds
 */
public record Expiring(
    String retentionClass,
    YearMonth month,
    int days,
    long expiresAtMs,
    boolean due,
    long runs,
    long accessRecords,
    long heldRuns) {

  /** Whether a purge would remove anything. */
  public boolean hasWork() {
    return due && runs + accessRecords > 0;
  }
}
