package dev.dome.provenance.application;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import java.util.List;

/**
 * A run that ended, as its last row said when it came by the stream.
 *
 * @param sequence of that row
 * @param headHash of that row: the ledger that is read later must end with it
 * @param completedAtMs epoch milliseconds
 */
public record CompletedRun(
    RunUid runUid,
    NamespaceId namespace,
    RunId runId,
    long sequence,
    String headHash,
    long completedAtMs) {
  private static final String TOPIC = "run.completed";

  /** The runs that end with one of the rows. */
  public static List<CompletedRun> among(List<PublishedRow> rows) {
    return rows.stream()
        .filter(row -> row.kind() == PublishedRow.Kind.EVENT)
        .filter(row -> row.envelope().topic().equals(TOPIC))
        .map(CompletedRun::of)
        .toList();
  }

  private static CompletedRun of(PublishedRow row) {
    return new CompletedRun(
        row.runUid(),
        row.namespace(),
        row.envelope().runId(),
        row.envelope().sequence(),
        row.hash(),
        Timestamps.parse(row.envelope().ts()));
  }
}
