package dev.dome.statecontroller.application;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** The claims that wait here, by queue, longest wait first. */
final class ParkedClaims {
  private final Map<QueueKey, LinkedHashMap<Store.ClaimName, ParkedClaim>> byQueue =
      new HashMap<>();
  private final PriorityQueue<ParkedClaim> byExpiry =
      new PriorityQueue<>(
          (a, b) -> Long.compare(a.request().expiresAtMs(), b.request().expiresAtMs()));

  /** Parks a claim; a repeat takes the place of the claim whose asker gave up. */
  void park(ParkedClaim claim) {
    byQueue.computeIfAbsent(claim.key(), k -> new LinkedHashMap<>()).put(claim.name(), claim);
    byExpiry.add(claim);
  }

  /** Whether exactly this claim still waited. */
  boolean remove(ParkedClaim claim) {
    var claims = byQueue.get(claim.key());
    if (claims == null || !claims.remove(claim.name(), claim)) {
      return false;
    }
    if (claims.isEmpty()) {
      byQueue.remove(claim.key());
    }
    return true;
  }

  Collection<ParkedClaim> of(QueueKey key) {
    var claims = byQueue.get(key);
    return claims == null ? List.of() : claims.values();
  }

  Collection<ParkedClaim> all() {
    return byQueue.values().stream().flatMap(claims -> claims.values().stream()).toList();
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
    return byQueue.values().stream().mapToInt(Map::size).sum();
  }
}
