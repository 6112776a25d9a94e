package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Work and claims on different replicas find each other: a replica with ready work and nobody
 * waiting says so, and one with parked claims moves as many there as there is work. A hint is sent
 * again as long as it is true, so a lost one costs one interval.
 */
final class Hints {
  private final String replicaId;
  private final Replies replies;
  private final long everyMs;
  private final Map<QueueKey, Long> announcedAtMs = new HashMap<>();

  Hints(String replicaId, Replies replies, long everyMs) {
    this.replicaId = replicaId;
    this.replies = replies;
    this.everyMs = everyMs;
  }

  void announce(WriterState state, long nowMs) {
    for (QueueKey key : state.ready.queues()) {
      if (state.parked.of(key).isEmpty()
          && nowMs - announcedAtMs.getOrDefault(key, 0L) >= everyMs) {
        announcedAtMs.put(key, nowMs);
        replies.readyHint(
            new ReadyHint(replicaId, key.namespace(), key.queue(), state.ready.of(key).size()));
      }
    }
    announcedAtMs.values().removeIf(at -> nowMs - at > 100 * everyMs);
  }

  /** Says what of the limits that a batch gave back it did not take again. */
  void announce(Map<LimitKey, Integer> freed) {
    Map<NamespaceId, Map<String, Integer>> byNamespace = new TreeMap<>();
    freed.forEach((limit, slots) ->
        byNamespace
            .computeIfAbsent(limit.namespace(), k -> new TreeMap<>())
            .put(limit.key(), slots));
    byNamespace.forEach(
        (namespace, slots) -> replies.freedHint(new FreedHint(replicaId, namespace, slots)));
  }

  /** Whether tasks that were held back here may be granted now. */
  boolean follow(FreedHint hint, WriterState state) {
    if (hint.replicaId().equals(replicaId)) {
      return false;
    }
    return hint.slots().entrySet().stream()
            .filter(freed ->
                state.heldBack.release(
                    new LimitKey(hint.namespace(), freed.getKey()), freed.getValue(), state.ready))
            .count()
        > 0;
  }

  void follow(ReadyHint hint, WriterState state) {
    QueueKey key = new QueueKey(hint.namespace(), hint.queue());
    if (hint.replicaId().equals(replicaId) || !state.ready.of(key).isEmpty()) {
      return;
    }
    int left = hint.ready();
    for (ParkedClaim claim : List.copyOf(state.parked.of(key))) {
      if (left <= 0) {
        return;
      }
      state.parked.remove(claim);
      replies.forward(hint.replicaId(), claim.request(), claim.replyTo());
      left -= Math.max(1, claim.request().maxTasks());
    }
  }
}
