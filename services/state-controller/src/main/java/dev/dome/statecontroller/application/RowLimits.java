package dev.dome.statecontroller.application;

import dev.dome.kernel.JournalEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * How large the rows of a new run may be. Larger ones could be stored, but neither DOME_JOURNAL nor
 * a worker would ever get them: a message has at most 2 MiB (max_payload in nats.conf).
 */
final class RowLimits {
  /** Leaves room for the row's place and hashes, which are published with it. */
  static final int MAX_ROW_BYTES = 1_800_000;

  /**
   * A task goes to its worker with what the plan says of it, perhaps all there is. JSON may write a
   * number up to 1.4 times as long as the canonical text that is measured here.
   */
  static final int MAX_PLAN_BYTES = 1_400_000;

  private static final int MAX_BYTES_OF_A_CHAR = 3;

  private RowLimits() {}

  /** What is too large among the rows that begin a run, as a caller is told; empty when none is. */
  static Optional<String> exceeded(List<Changes.JournalLine> rows) {
    return rows.stream().flatMap(row -> exceeded(row).stream()).findFirst();
  }

  private static Optional<String> exceeded(Changes.JournalLine line) {
    boolean input = line.row().kind() == JournalEntry.Kind.INPUT;
    int limit = input ? MAX_ROW_BYTES : MAX_PLAN_BYTES;
    String text = line.envelopeText();
    if (text.length() <= limit / MAX_BYTES_OF_A_CHAR) {
      return Optional.empty();
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return bytes <= limit
        ? Optional.empty()
        : Optional.of(
            "expected a submission whose "
                + (input ? "document" : "plan")
                + " is recorded in at most "
                + limit
                + " bytes but were "
                + bytes);
  }
}
