package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalRow;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The journal as an outbox: what is committed, and how far it was published. Methods may throw a
 * {@link StoreException}; the next round tries again.
 */
public interface JournalTable {
  /** How far each lane was published. */
  Map<Lane, Published> published(Collection<Lane> lanes);

  /**
   * Rows of a lane after a position, in order, at most max and fewer when they are large; none only
   * behind the last one.
   */
  List<JournalRow> after(Lane lane, long position, int max);

  /**
   * Records progress; a position never falls within one incarnation and rewind. Progress of before
   * a rewind is dropped.
   */
  void record(Map<Lane, Published> progress);

  /**
   * How far a lane was published.
   *
   * @param incarnation of the stream, empty before the first publication
   * @param rewind how often the lane was set back to be published again
   */
  record Published(String incarnation, long position, long rewind) {}
}
