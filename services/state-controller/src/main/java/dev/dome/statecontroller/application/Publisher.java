package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalRow;
import java.util.List;

/**
 * Carries committed journal rows out, in the order of their lane. The journal table is the outbox:
 * what is handed over here is only a shorter way, so an implementation may drop it and read the
 * table instead. No method waits for the network.
 */
public interface Publisher {
  /** The lane is ours: publish what its table still holds, then what is handed over. */
  void open(Lane lane, long epoch);

  /** The lane is no longer ours. */
  void close(Lane lane);

  /** Rows of one lane that were just committed, in order. */
  void committed(Lane lane, List<JournalRow> rows);

  /** The lane was set back: publish again from where its table now says it was published. */
  void rewound(Lane lane);
}
