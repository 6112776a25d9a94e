package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps this replica's share of the lanes: renews what it owns, takes what nobody holds up to its
 * share, and lets go of what exceeds it. Each tick is one step; ticks come from one thread.
 */
public final class LaneKeeper {
  private final String replicaId;
  private final LaneLeases leases;
  private final Mailbox mailbox;
  private final long termMs;
  private final long releaseWaitMs;
  private final Map<Lane, Long> owned = new TreeMap<>();
  private boolean first = true;

  /**
   * A keeper.
   *
   * @param termMs how long a lane stays ours without a renewal
   * @param releaseWaitMs how long a release waits for the writer's batch under way
   */
  public LaneKeeper(
      String replicaId, LaneLeases leases, Mailbox mailbox, long termMs, long releaseWaitMs) {
    this.replicaId = replicaId;
    this.leases = leases;
    this.mailbox = mailbox;
    this.termMs = termMs;
    this.releaseWaitMs = releaseWaitMs;
  }

  /**
   * One step.
   *
   * @throws StoreException when the store could not be asked; the next tick tries again
   */
  public synchronized void tick() throws InterruptedException {
    LaneLeases.Standing standing = leases.renew(replicaId, Map.copyOf(owned), termMs);
    for (Lane lane : List.copyOf(owned.keySet())) {
      if (!standing.held().contains(lane)) {
        mailbox.put(new Command.LaneLost(lane, owned.remove(lane)));
      }
    }
    int share = share(standing);
    if (owned.size() > share) {
      release(owned.size() - share);
    } else if (owned.size() < share) {
      gain(leases.take(replicaId, share - owned.size(), first, termMs));
    }
    first = false;
  }

  /** An even share; the replicas that come first by name take what does not divide. */
  private int share(LaneLeases.Standing standing) {
    int replicas = standing.replicas().size();
    int rank = standing.replicas().indexOf(replicaId);
    return standing.laneCount() / replicas + (rank < standing.laneCount() % replicas ? 1 : 0);
  }

  private void gain(Map<Lane, Long> taken) throws InterruptedException {
    for (Map.Entry<Lane, Long> lane : new TreeMap<>(taken).entrySet()) {
      owned.put(lane.getKey(), lane.getValue());
      mailbox.put(new Command.LaneGained(lane.getKey(), lane.getValue()));
    }
  }

  private void release(int count) throws InterruptedException {
    List<Lane> last = new ArrayList<>(owned.keySet());
    last.sort(Comparator.reverseOrder());
    Map<Lane, Long> leaving = new HashMap<>();
    last.subList(0, count).forEach(lane -> leaving.put(lane, owned.remove(lane)));
    CountDownLatch quiet = new CountDownLatch(count);
    for (Map.Entry<Lane, Long> lane : leaving.entrySet()) {
      mailbox.put(new Command.LaneRelease(lane.getKey(), lane.getValue(), quiet::countDown));
    }
    // A writer that does not answer in time is fenced by the next owner's epoch all the same.
    boolean released = quiet.await(releaseWaitMs, TimeUnit.MILLISECONDS);
    if (released) {
      leases.release(leaving);
    }
  }

  /** Lets go of everything, so that other replicas need not wait for the term to end. */
  public synchronized void leave() throws InterruptedException {
    if (!owned.isEmpty()) {
      release(owned.size());
    }
    leases.leave(replicaId);
  }

  public synchronized Map<Lane, Long> owned() {
    return Map.copyOf(owned);
  }
}
