package dev.dome.journal;

import dev.dome.contracts.id.Lane;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/**
 * Which lanes this replica of the service reads. It only spares replicas from reading in vain and
 * from taking each other's consumers away: that a row has its effect once is the cursor's doing.
 */
public interface LaneShares {
  /**
   * Says that this replica lives and gives the lanes that are its to read until the next call. A
   * replica that does not call for a term has lost them.
   *
   * @param laneCount how many lanes there are
   */
  Uni<Set<Lane>> renew(int laneCount);

  /** This replica reads nothing any more; the others take its lanes at their next call. */
  Uni<Void> leave();
}
