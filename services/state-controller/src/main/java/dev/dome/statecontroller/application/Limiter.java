package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.PlannedTask;
import dev.dome.kernel.RunState;
import dev.dome.statecontroller.application.LimitBook.Verdict;
import dev.dome.statecontroller.application.Limits.Need;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Holds the grants of one batch to the limits. The first candidate that comes under any makes it
 * ask the store, once, for all the limits that the batch's candidates come under; a batch whose
 * candidates come under none asks nothing.
 */
final class Limiter {
  private final WriterState state;
  private final Ledger ledger;
  private final Store.Transaction transaction;
  private final long nowMs;
  private final Map<LimitKey, Integer> freed;
  private final Set<QueueKey> unread = new HashSet<>();
  private LimitBook book;

  /**
   * The limiter of one batch, once all but the grants is decided. Tasks that waited for the slots
   * the batch gave back are ready from here on.
   */
  Limiter(WriterState state, Ledger ledger, Store.Transaction transaction, long nowMs) {
    this.state = state;
    this.ledger = ledger;
    this.transaction = transaction;
    this.nowMs = nowMs;
    this.freed = freed();
    freed.forEach((limit, slots) -> state.heldBack.release(limit, slots, state.ready));
  }

  private Map<LimitKey, Integer> freed() {
    Map<LimitKey, Integer> slots = new HashMap<>();
    for (AttemptId attempt : ledger.ended()) {
      RunHead head = ledger.ofAttempt(attempt);
      RunHead before = head == null ? null : ledger.headBefore(head.state().runUid());
      Optional.ofNullable(before)
          .map(RunHead::state)
          .flatMap(run -> run.taskOf(attempt).map(task -> needs(run, task.plan())))
          .orElse(List.of())
          .stream()
          .filter(need -> need.slots() != null)
          .forEach(need -> slots.merge(need.key(), 1, Integer::sum));
    }
    return slots;
  }

  /** What a grant of the task takes. */
  List<Need> needs(RunState run, PlannedTask task) {
    return state.limits.of(run.namespace(), task, run.guardsOf(task, BreakerPhase.HALF_OPEN));
  }

  /**
   * Whether the candidate may be granted now. If not it is held back, or stays where it is when its
   * limits were not asked for: then the next batch asks.
   *
   * @param ahead the limits of the candidates that the batch may come to
   */
  boolean admits(ReadyTask candidate, List<Need> needs, Supplier<Set<LimitKey>> ahead) {
    if (needs.isEmpty()) {
      return true;
    }
    if (book == null) {
      Set<LimitKey> wanted = new LinkedHashSet<>(ahead.get());
      needs.forEach(need -> wanted.add(need.key()));
      book = new LimitBook(transaction.usage(wanted, ledger.ended()));
    }
    return switch (book.judge(needs)) {
      case Verdict.Free() -> true;
      case Verdict.Full(LimitKey key) -> {
        state.heldBack.hold(candidate, key);
        state.ready.remove(candidate);
        yield false;
      }
      case Verdict.Later(LimitKey key, long waitMs) -> {
        state.heldBack.hold(candidate, key, nowMs + waitMs);
        state.ready.remove(candidate);
        yield false;
      }
      case Verdict.Unread() -> {
        unread.add(candidate.key());
        yield false;
      }
    };
  }

  /** The candidate was granted. */
  void took(List<Need> needs, AttemptId attempt) {
    if (!needs.isEmpty()) {
      book.take(needs, attempt);
    }
  }

  /** Whether the queue's next candidate waits for the next batch. */
  boolean stops(QueueKey queue) {
    return unread.contains(queue);
  }

  /** Whether another batch must follow at once. */
  boolean unfinished() {
    return !unread.isEmpty();
  }

  List<Store.Permit> permits() {
    return book == null ? List.of() : book.permits();
  }

  List<Store.RateUse> rates() {
    return book == null ? List.of() : book.rates();
  }

  /** The slots that were given back and not taken again. */
  Map<LimitKey, Integer> leftOver() {
    Map<LimitKey, Integer> left = new HashMap<>(freed);
    permits()
        .forEach(permit -> left.computeIfPresent(permit.limit(), (k, n) -> n > 1 ? n - 1 : null));
    return left;
  }
}
