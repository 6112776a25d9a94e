package dev.dome.auditexport.retention;

import java.time.YearMonth;
import java.util.OptionalLong;

/**
 * The records of one class and month, as a purge would find them now.
 *
 * @param expiresAtMs when the time of its last day is over
 * @param due whether it is
 * @param runs that would be removed; 0 before it is due, as for the others
 * @param accessRecords that would be removed; empty where they were not counted
 * @param heldRuns that would be kept by holds; empty where they were not counted
 * @param estimatedRecords about how many there are in all, where they were too many to be counted;
 *     runs are then all that have records there, be they to be removed or kept
 */
public record Expiring(
    String retentionClass,
    YearMonth month,
    int days,
    long expiresAtMs,
    boolean due,
    long runs,
    OptionalLong accessRecords,
    OptionalLong heldRuns,
    OptionalLong estimatedRecords) {

  /** Whether a purge would remove anything; where it was estimated, whether it may. */
  public boolean hasWork() {
    return due && runs + accessRecords.orElse(0) + estimatedRecords.orElse(0) > 0;
  }
}
