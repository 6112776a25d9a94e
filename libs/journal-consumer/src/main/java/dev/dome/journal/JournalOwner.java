package dev.dome.journal;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** The state-controller's own journal, for rows that did not come by the stream. */
@FunctionalInterface
public interface JournalOwner {
  /** Rows of a lane beyond a position, in order and gapless; at least one when there are any. */
  Uni<List<PublishedRow>> rows(Lane lane, long after);
}
