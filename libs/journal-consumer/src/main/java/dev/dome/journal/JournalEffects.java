package dev.dome.journal;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** What the journal does to a service: the one thing that a consumer brings. */
public interface JournalEffects {

  /** Lane position of the last row whose effect is committed, 0 for none. */
  Uni<Long> position(Lane lane);

  /**
   * Stores the effect of the batches and moves the cursor of each lane to its last row, all in one
   * transaction. One call comes after another; a failure of a single batch makes its lane start
   * again behind its cursor.
   *
   * @param batches at least one, each of a lane of its own and without a gap
   * @return false, with nothing stored, when the cursor of a lane was not where its batch follows
   */
  Uni<Boolean> apply(List<JournalBatch> batches);
}
