package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.Expiring;
import dev.dome.contracts.Timestamps;
import java.util.List;
import java.util.OptionalLong;

/** What has an end, the first to end first. */
public record ExpiringPage(List<ExpiringView> items) {

  /**
   * The records of one class and month.
   *
   * @param month such as 2026-11
   * @param expiresAt RFC 3339 UTC
   * @param due whether that is over
   * @param runs that a purge would remove now, as for the next
   * @param accessRecords absent where estimated
   * @param heldRuns that holds keep; absent where estimated
   * @param estimatedRecords about how many records there are, where they were too many to be
   *     counted; runs are then all that have records there, be they to be removed or kept
   */
  public record ExpiringView(
      String retentionClass,
      String month,
      int days,
      String expiresAt,
      boolean due,
      long runs,
      Long accessRecords,
      Long heldRuns,
      Long estimatedRecords) {

    private static ExpiringView of(Expiring part) {
      return new ExpiringView(
          part.retentionClass(),
          part.month().toString(),
          part.days(),
          Timestamps.format(part.expiresAtMs()),
          part.due(),
          part.runs(),
          shown(part.accessRecords()),
          shown(part.heldRuns()),
          shown(part.estimatedRecords()));
    }

    private static Long shown(OptionalLong count) {
      return count.isPresent() ? count.getAsLong() : null;
    }
  }

  static ExpiringPage of(List<Expiring> parts) {
    return new ExpiringPage(parts.stream().map(ExpiringView::of).toList());
  }
}
