package dev.dome.messaging;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import java.util.List;
import java.util.Optional;

/**
 * Rows of one lane of the journal, gapless among themselves.
 *
 * @param after lane position that the service has applied already
 * @param rows at least one, in order, all beyond {@code after}
 */
public record JournalBatch(Lane lane, long after, List<PublishedRow> rows) {
  public JournalBatch {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a batch has at least one row");
    }
  }

  /** Rows that exist but did not come: from {@code after} + 1 to {@code before} − 1. */
  public record Gap(Lane lane, long after, long before) {}

  /** What must be fetched from the state-controller and applied before these rows. */
  public Optional<Gap> gap() {
    long first = rows.getFirst().lanePosition();
    return first == after + 1 ? Optional.empty() : Optional.of(new Gap(lane, after, first));
  }

  /** The rows of batches, one batch after the other. */
  public static List<PublishedRow> rows(List<JournalBatch> batches) {
    return batches.stream().flatMap(batch -> batch.rows().stream()).toList();
  }

  /** Where the service stands once these rows are applied. */
  public long last() {
    return rows.getLast().lanePosition();
  }
}
