package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Work and claims on different replicas find each other: a replica with ready work says so, and one
 * with parked claims moves those there that it has nothing for, or nothing of that priority, as
 * many as there is work. A hint is sent again as long as it is true, so a lost one costs one
 * interval.
 */
final class Hints {
  /** Of one queue at a time; what requires rarer labels waits for a claim that comes by itself. */
  static final int MAX_OF_QUEUE = 32;

  /** More claims than that are not sent anywhere before the next hint. */
  private static final int MAX_COUNTED = 1_000;

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
      if (nowMs - announcedAtMs.getOrDefault(key, 0L) >= everyMs) {
        announcedAtMs.put(key, nowMs);
        state.ready.heads(key).stream()
            .limit(MAX_OF_QUEUE)
            .forEach(head -> replies.readyHint(hint(head, state.ready.alike(head))));
      }
    }
    announcedAtMs.values().removeIf(at -> nowMs - at > 100 * everyMs);
  }

  private ReadyHint hint(ReadyTask head, NavigableSet<ReadyTask> alike) {
    int priority = head.order().priority();
    long ofPriority =
        alike.stream()
            .limit(MAX_COUNTED)
            .takeWhile(task -> task.order().priority() == priority)
            .count();
    return new ReadyHint(
        replicaId,
        head.namespace(),
        head.queue(),
        alike.size(),
        head.requires().isEmpty() ? null : head.requires(),
        new ReadyHint.Top(priority, head.order().runCreatedAtMs(), (int) ofPriority));
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

  void follow(ReadyHint hint, WriterState state, long nowMs) {
    if (hint.replicaId().equals(replicaId)) {
      return;
    }
    int sent = 0;
    for (ParkedClaim claim : List.copyOf(state.parked.of(hint.key()))) {
      if (sent >= hint.ready()) {
        break;
      }
      if (hint.suits(claim.request()) && !hasAsGood(hint, claim, state)) {
        state.parked.remove(claim);
        replies.forward(hint.replicaId(), claim.request(), claim.replyTo());
        sent += Math.max(1, claim.request().maxTasks());
      }
    }
    state.remote.heard(hint, sent, nowMs);
  }

  /** A claim that was moved here for work of this replica stays, if there is any. */
  private static boolean hasAsGood(ReadyHint hint, ParkedClaim claim, WriterState state) {
    Optional<ReadyTask> local = state.ready.first(claim.key(), claim.request().offered());
    return local.isPresent()
        && (claim.moved()
            || hint.top() == null
            || hint.top().priority() <= local.get().order().priority());
  }
}
