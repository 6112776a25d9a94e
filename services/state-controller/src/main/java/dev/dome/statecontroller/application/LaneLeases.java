package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who owns which lane. Every judgement of time is the store's own clock's. Methods may throw a
 * {@link StoreException}; nothing is known to have changed then.
 */
public interface LaneLeases {

  /** Says that the replica is alive and renews its lanes, each only under the given epoch. */
  Standing renew(String replicaId, Map<Lane, Long> owned, long termMs);

  /**
   * Takes lanes that nobody holds, raising the epoch of each, which fences whoever held it before.
   *
   * @param own take also lanes held under this replica's id, by a process that was here before
   * @return the lanes taken and their new epochs
   */
  Map<Lane, Long> take(String replicaId, int max, boolean own, long termMs);

  /** Gives lanes back at once, each only under the given epoch. */
  void release(Map<Lane, Long> owned);

  /** The replica is gone. */
  void leave(String replicaId);

  /**
   * How things stand after a renewal.
   *
   * @param held those of the owned lanes that are still ours
   * @param replicas alive, sorted, this one included
   */
  record Standing(Set<Lane> held, List<String> replicas, int laneCount) {}
}
