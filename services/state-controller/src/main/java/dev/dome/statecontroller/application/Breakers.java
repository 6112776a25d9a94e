package dev.dome.statecontroller.application;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest breakers that each lane has been told of. Closed ones stay, so that an older change
 * that comes again is known for what it is.
 */
final class Breakers {
  private final Map<Lane, Map<Name, Store.LaneBreaker>> byLane = new HashMap<>();

  private record Name(NamespaceId namespace, BreakerKey key) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace != 0 ? byNamespace : key.compareTo(other.key);
    }
  }

  void put(Store.LaneBreaker breaker) {
    byLane
        .computeIfAbsent(breaker.lane(), k -> new TreeMap<>())
        .put(new Name(breaker.namespace(), breaker.breaker().key()), breaker);
  }

  /** Null when the lane was never told of it. */
  Store.LaneBreaker get(Lane lane, NamespaceId namespace, BreakerKey key) {
    Map<Name, Store.LaneBreaker> ofLane = byLane.get(lane);
    return ofLane == null ? null : ofLane.get(new Name(namespace, key));
  }

  /** Those of a namespace that are not closed, by key. */
  List<BreakerSnapshot> notClosed(Lane lane, NamespaceId namespace) {
    Map<Name, Store.LaneBreaker> ofLane = byLane.get(lane);
    if (ofLane == null) {
      return List.of();
    }
    return ofLane.values().stream()
        .filter(b -> b.namespace().equals(namespace))
        .map(Store.LaneBreaker::breaker)
        .filter(b -> b.phase() != BreakerPhase.CLOSED)
        .toList();
  }

  /** Those that not every open run has been told of. */
  List<Store.LaneBreaker> untold() {
    List<Store.LaneBreaker> untold = new ArrayList<>();
    for (Map<Name, Store.LaneBreaker> ofLane : byLane.values()) {
      ofLane.values().stream().filter(b -> b.toldUpTo() != null).forEach(untold::add);
    }
    return untold;
  }

  boolean allTold() {
    return byLane.values().stream()
        .allMatch(ofLane -> ofLane.values().stream().allMatch(b -> b.toldUpTo() == null));
  }

  boolean isEmpty() {
    return byLane.isEmpty();
  }

  Collection<Store.LaneBreaker> all() {
    return byLane.values().stream().flatMap(ofLane -> ofLane.values().stream()).toList();
  }

  void dropLane(Lane lane) {
    byLane.remove(lane);
  }

  void clear() {
    byLane.clear();
  }
}
