package dev.dome.statecontroller.application;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The claims that wait here, by queue, longest wait first. A claim id waits once in a namespace:
 * who asks by it again takes the place of the asker before, who gave up or will ask again.
 */
final class ParkedClaims {
  private final Map<QueueKey, LinkedHashMap<Store.ClaimName, ParkedClaim>> byQueue =
      new HashMap<>();
  private final Map<Store.ClaimName, ParkedClaim> byName = new HashMap<>();
  private final PriorityQueue<ParkedClaim> byExpiry =
      new PriorityQueue<>(
          (a, b) -> Long.compare(a.request().expiresAtMs(), b.request().expiresAtMs()));

  /** Parks a claim; a repeat on the same queue keeps the place in the row. */
  void park(ParkedClaim claim) {
    ParkedClaim before = byName.put(claim.name(), claim);
    if (before != null && !before.key().equals(claim.key())) {
      leaveQueue(before);
    }
    byQueue.computeIfAbsent(claim.key(), k -> new LinkedHashMap<>()).put(claim.name(), claim);
    if (!claim.equals(before)) {
      byExpiry.add(claim);
    }
  }

  /** Whether exactly this claim still waited. */
  boolean remove(ParkedClaim claim) {
    if (!byName.remove(claim.name(), claim)) {
      return false;
    }
    leaveQueue(claim);
    return true;
  }

  private void leaveQueue(ParkedClaim claim) {
    var claims = byQueue.get(claim.key());
    claims.remove(claim.name());
    if (claims.isEmpty()) {
      byQueue.remove(claim.key());
    }
  }

  Collection<ParkedClaim> of(QueueKey key) {
    var claims = byQueue.get(key);
    return claims == null ? List.of() : claims.values();
  }

  /** Who waits for the claim of this name, on whatever queue. */
  Optional<ParkedClaim> named(Store.ClaimName name) {
    return Optional.ofNullable(byName.get(name));
  }

  void clear() {
    byQueue.clear();
    byName.clear();
    byExpiry.clear();
  }

  Collection<ParkedClaim> all() {
    return List.copyOf(byName.values());
  }

  /** Takes out the claims whose wait is over. */
  List<ParkedClaim> expire(long nowMs) {
    List<ParkedClaim> expired = new ArrayList<>();
    while (!byExpiry.isEmpty() && byExpiry.peek().expired(nowMs)) {
      ParkedClaim claim = byExpiry.poll();
      if (remove(claim)) {
        expired.add(claim);
      }
    }
    return expired;
  }

  /** When the next wait is over, epoch milliseconds; Long.MAX_VALUE when nobody waits. */
  long nextExpiryMs() {
    return byExpiry.isEmpty() ? Long.MAX_VALUE : byExpiry.peek().request().expiresAtMs();
  }

  int size() {
    return byName.size();
  }
}
