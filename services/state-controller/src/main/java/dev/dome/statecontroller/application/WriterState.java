package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the lane writer remembers between batches: committed facts of the lanes it owns, and who
 * waits. Everything but the parked claims can be read again from the store.
 */
final class WriterState {
  final Map<Lane, LaneState> lanes = new TreeMap<>();
  final RunCache cache;
  final ReadyIndex ready = new ReadyIndex();
  final HeldBack heldBack = new HeldBack();
  final Breakers breakers = new Breakers();
  final ParkedClaims parked = new ParkedClaims();
  private final Inbox inbox;
  private final Publisher publisher;
  private final WriterObserver observer;

  WriterState(int cacheWeight, Inbox inbox, Publisher publisher, WriterObserver observer) {
    this.cache = new RunCache(cacheWeight);
    this.inbox = inbox;
    this.publisher = publisher;
    this.observer = observer;
  }

  void gain(Lane lane, long epoch) {
    drop(lane);
    lanes.put(lane, new LaneState(lane, epoch));
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
    if (gone == null) {
      return;
    }
    inbox.close(lane);
    publisher.close(lane);
    cache.dropLane(lane);
    ready.dropLane(lane);
    heldBack.dropLane(lane);
    breakers.dropLane(lane);
    observer.laneClosed(lane, gone.epoch);
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
}
