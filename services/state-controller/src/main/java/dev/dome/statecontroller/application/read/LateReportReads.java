package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.RunUid;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Reports that came too late. Reads fail with {@link RecordUnavailableException}. */
@FunctionalInterface
public interface LateReportReads {
  /**
   * Those of a run, in the order they came, then by operation.
   *
   * @param after the last one of the page before, or null for the first page
   */
  Uni<List<LateReportView>> of(RunUid runUid, After after, int limit);

  /** The place of a report in the list. */
  record After(long receivedAtMs, String operationId) {}
}
