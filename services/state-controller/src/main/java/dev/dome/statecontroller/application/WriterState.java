package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.Claim;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the lane writer remembers between batches: committed facts of the lanes it owns, and who
 * waits. Everything but the parked claims, and what others said, can be read again from the store.
 */
final class WriterState {
  final Map<Lane, LaneState> lanes = new TreeMap<>();
  final RunCache cache;
  final ReadyIndex ready = new ReadyIndex();
  final HeldBack heldBack = new HeldBack();
  final Limits limits = new Limits();
  final Breakers breakers = new Breakers();
  final ParkedClaims parked = new ParkedClaims();
  final RemoteWork remote = new RemoteWork();
  final Decide kernel;
  Drains drains = Drains.NONE;

  /** Whose turn a batch was that could not take all turns; grants go on behind it. */
  NamespaceId servedLast;

  private long readers;
  private final Inbox inbox;
  private final Publisher publisher;
  private final WriterObserver observer;

  WriterState(
      int cacheWeight, Inbox inbox, Publisher publisher, WriterObserver observer, Decide kernel) {
    this.cache = new RunCache(cacheWeight);
    this.kernel = kernel;
    this.inbox = inbox;
    this.publisher = publisher;
    this.observer = observer;
  }

  /** Whatever happens to what was known of it before, the lane is known to be ours. */
  void gain(Lane lane, long epoch) {
    LaneState before = lanes.put(lane, new LaneState(lane, epoch));
    if (before != null) {
      close(before);
    }
  }

  /** A number that no reader had. */
  long nextReader() {
    return ++readers;
  }

  /** The lane's facts as the store has them. */
  void open(Lane lane, Store.OpenedLane opened) {
    LaneState owned = lanes.get(lane);
    owned.position = opened.position();
    owned.cursor = opened.cursor();
    owned.open = true;
    opened.ready().forEach(ready::add);
    opened.breakers().forEach(breakers::put);
  }

  /** Adds what the index should hold already; entries too many do no harm. */
  void reindex(List<ReadyTask> tasks) {
    for (ReadyTask task : tasks) {
      LaneState lane = lanes.get(task.lane());
      if (lane != null && lane.open) {
        ready.add(task);
      }
    }
  }

  /** The lane is somebody else's: its cache and its reader die. */
  void drop(Lane lane) {
    LaneState gone = lanes.remove(lane);
    if (gone != null) {
      close(gone);
    }
  }

  private void close(LaneState gone) {
    Lane lane = gone.lane;
    cache.dropLane(lane);
    ready.dropLane(lane);
    heldBack.dropLane(lane);
    breakers.dropLane(lane);
    stopReading(gone);
  }

  private void stopReading(LaneState lane) {
    if (lane.reader != 0) {
      lane.reader = 0;
      inbox.close(lane.lane);
      publisher.close(lane.lane);
      observer.laneClosed(lane.lane, lane.epoch);
    }
  }

  /** Whether the asker is to take nothing more. */
  boolean drains(Claim.Request claim) {
    return drains.covers(
        claim.namespace(), claim.queue(), claim.workerId(), claim.deploymentVersion());
  }

  Map<Lane, Long> epochs() {
    Map<Lane, Long> epochs = new TreeMap<>();
    lanes.values().forEach(lane -> epochs.put(lane.lane, lane.epoch));
    return epochs;
  }

  /** Lanes whose leases may run out; those of a lane that is being opened gain a term first. */
  Set<Lane> openLanes() {
    return lanes.values().stream()
        .filter(lane -> lane.open)
        .map(lane -> lane.lane)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Nobody knows what the store holds: believe nothing until it was read again. */
  void forget() {
    cache.clear();
    ready.clear();
    heldBack.clear();
    breakers.clear();
    lanes.values().forEach(lane -> lane.open = false);
  }

  /**
   * Somebody failed in the middle of something: every lane begins anew, with a reader that starts
   * behind what the store has applied. Called again, it goes on where it failed.
   */
  void beginAnew() {
    forget();
    lanes.values().forEach(this::stopReading);
  }
}
