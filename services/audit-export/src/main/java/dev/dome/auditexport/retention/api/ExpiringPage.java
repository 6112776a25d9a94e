package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.Expiring;
import dev.dome.contracts.Timestamps;
import java.util.List;

/** What has an end, the first to end first. */
public record ExpiringPage(List<ExpiringView> items) {

  /**
   * The records of one class and month.
   *
   * @param month such as 2026-11
   * @param expiresAt RFC 3339 UTC
   * @param due whether that is over
   * @param runs that a purge would remove now, as for the next
   * @param heldRuns that holds keep
   */
  public record ExpiringView(
      String retentionClass,
      String month,
      int days,
      String expiresAt,
      boolean due,
      long runs,
      long accessRecords,
      long heldRuns) {

    private static ExpiringView of(Expiring part) {
      return new ExpiringView(
          part.retentionClass(),
          part.month().toString(),
          part.days(),
          Timestamps.format(part.expiresAtMs()),
          part.due(),
          part.runs(),
          part.accessRecords(),
          part.heldRuns());
    }
  }

  static ExpiringPage of(List<Expiring> parts) {
    return new ExpiringPage(parts.stream().map(ExpiringView::of).toList());
  }
}
