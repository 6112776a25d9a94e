package dev.dome.journal;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** What the journal does to a service: the one thing that a consumer brings. */
public interface JournalEffects {

  /** Lane position of the last row whose effect is committed, 0 for none. */
  Uni<Long> position(Lane lane);

  /**
   * Stores the effect of the rows and moves the lane's cursor to the last of them, in one
   * transaction. Calls for one lane come one after another; a failure makes the lane start again
   * behind its cursor.
   *
   * @param after where the cursor is expected; the rows follow on it without a gap
   * @param rows at least one
   * @return false, with nothing stored, when the cursor was not at {@code after}
   */
  Uni<Boolean> apply(Lane lane, long after, List<PublishedRow> rows);

  /**
   * Whether the row is applied as soon as it comes. Any other may wait a quarter of a second, so
   * that the rows of many commits share a transaction.
   */
  default boolean urgent(PublishedRow row) {
    return false;
  }
}
