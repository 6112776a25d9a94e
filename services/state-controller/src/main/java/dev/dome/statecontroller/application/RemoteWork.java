package dev.dome.statecontroller.application;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the other replicas said is first in order there, as long as it may be believed. It bounds
 * how long a replica grants a task while another one has work of a higher priority.
 */
final class RemoteWork {
  /** Hints are repeated several times within it. */
  static final long FRESH_MS = 1_000;

  private static final Comparator<Head> BEST_FIRST =
      Comparator.comparingInt((Head head) -> -head.hint.top().priority())
          .thenComparingLong(head -> head.hint.top().runCreatedAtMs())
          .thenComparing(head -> head.hint.replicaId());

  private final Map<QueueKey, List<Head>> byQueue = new HashMap<>();
  private long forgotAtMs;

  /** What one replica has for one set of labels, less what was sent there since. */
  private static final class Head {
    final ReadyHint hint;
    final long heardAtMs;
    int left;
    int leftOfTop;

    Head(ReadyHint hint, int sent, long heardAtMs) {
      this.hint = hint;
      this.heardAtMs = heardAtMs;
      this.left = hint.ready() - sent;
      this.leftOfTop = hint.top().ready() - sent;
    }

    boolean fresh(long nowMs) {
      return nowMs - heardAtMs < FRESH_MS;
    }

    /** Only what is of the top priority is sure to be better than something. */
    boolean hasBetterThan(Optional<ReadyTask> local) {
      return local.isEmpty()
          ? left > 0
          : leftOfTop > 0 && hint.top().priority() > local.get().order().priority();
    }

    void sent(int tasks) {
      left -= tasks;
      leftOfTop -= tasks;
    }

    boolean replacedBy(ReadyHint later) {
      return hint.replicaId().equals(later.replicaId()) && hint.required().equals(later.required());
    }
  }

  /**
   * Believes a hint for a while.
   *
   * @param sent how many tasks were asked for there on hearing it
   */
  void heard(ReadyHint hint, int sent, long nowMs) {
    if (hint.top() == null) {
      return;
    }
    forget(nowMs);
    List<Head> heads = byQueue.computeIfAbsent(hint.key(), k -> new ArrayList<>(2));
    heads.removeIf(head -> head.replacedBy(hint));
    heads.add(new Head(hint, sent, nowMs));
  }

  /** Now and then, because there may be many queues. */
  private void forget(long nowMs) {
    if (nowMs - forgotAtMs >= FRESH_MS) {
      forgotAtMs = nowMs;
      byQueue.values().forEach(heads -> heads.removeIf(head -> !head.fresh(nowMs)));
      byQueue.values().removeIf(List::isEmpty);
    }
  }

  /**
   * The replica that a claim should rather go to; it counts as sent there.
   *
   * @param local the first task that it may have here, empty when there is none
   */
  Optional<String> better(ParkedClaim claim, Optional<ReadyTask> local, long nowMs) {
    if (byQueue.isEmpty()) {
      return Optional.empty();
    }
    Optional<Head> best =
        byQueue.getOrDefault(claim.key(), List.of()).stream()
            .filter(head -> head.fresh(nowMs) && head.hasBetterThan(local))
            .filter(head -> head.hint.suits(claim.request()))
            .min(BEST_FIRST);
    best.ifPresent(head -> head.sent(Math.max(1, claim.request().maxTasks())));
    return best.map(head -> head.hint.replicaId());
  }
}
