package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.Purge;

/**
 * What came of a purge.
 *
 * @param runs that were removed
 * @param records that were removed
 * @param keptRecords of the month that are held, of open runs, or of runs that are too young
 */
public record PurgeView(Purge.Outcome outcome, long runs, long records, long keptRecords) {
  static PurgeView of(Purge.Result result) {
    return new PurgeView(result.outcome(), result.runs(), result.records(), result.keptRecords());
  }
}
