package dev.dome.simulation;

import dev.dome.contracts.wire.PublishedRow;
import dev.dome.kernel.JournalRow;
import java.util.List;

/** Rows as consumers of the journal get them. */
final class Rows {
  private Rows() {}

  static List<PublishedRow> published(List<JournalRow> rows) {
    return rows.stream().map(Rows::published).toList();
  }

  private static PublishedRow published(JournalRow row) {
    return new PublishedRow(
        row.runUid(),
        row.namespace(),
        row.lane(),
        row.lanePosition(),
        PublishedRow.Kind.valueOf(row.kind().name()),
        row.envelope(),
        row.prevHash(),
        row.hash());
  }
}
