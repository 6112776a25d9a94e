package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.statecontroller.application.Limits.Need;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is taken of some limits, as one transaction found it and changes it. The store holds these
 * limits for the transaction, so nobody else takes of them before its end.
 */
final class LimitBook {
  private final Map<LimitKey, Set<Integer>> slots = new HashMap<>();
  private final Map<LimitKey, Long> tatUs = new HashMap<>();
  private final Map<LimitKey, Long> changedTatUs = new HashMap<>();
  private final List<Store.Permit> permits = new ArrayList<>();
  private final long nowUs;

  /** Whether a grant is possible. */
  sealed interface Verdict {
    /** Nothing is in the way. */
    record Free() implements Verdict {}

    /** Every slot is taken, until somebody gives one back. */
    record Full(LimitKey key) implements Verdict {}

    /** The rate has no room yet. */
    record Later(LimitKey key, long waitMs) implements Verdict {}

    /** The transaction does not hold all that the grant takes. */
    record Unread() implements Verdict {}
  }

  LimitBook(Store.Usage usage) {
    this.nowUs = usage.nowUs();
    usage
        .taken()
        .forEach((key, taken) -> {
          slots.put(key, new HashSet<>(taken.slots()));
          tatUs.put(key, taken.tatUs());
        });
  }

  /** Judges all needs of one grant; of several that are in the way the longest wait counts. */
  Verdict judge(List<Need> needs) {
    Verdict.Later longest = null;
    for (Need need : needs) {
      Set<Integer> taken = slots.get(need.key());
      if (taken == null) {
        return new Verdict.Unread();
      }
      if (need.slots() != null && taken.size() >= need.slots()) {
        return new Verdict.Full(need.key());
      }
      long waitMs = waitMs(need);
      if (waitMs > 0 && (longest == null || waitMs > longest.waitMs())) {
        longest = new Verdict.Later(need.key(), waitMs);
      }
    }
    return longest == null ? new Verdict.Free() : longest;
  }

  private long waitMs(Need need) {
    return need.rate() == null
        ? 0
        : Math.ceilDiv(Math.max(0, need.rate().nextUs(tatUs.get(need.key())) - nowUs), 1_000L);
  }

  /** Takes what was judged to be free. */
  void take(List<Need> needs, AttemptId attempt) {
    for (Need need : needs) {
      if (need.slots() != null) {
        int slot = freeSlot(need.key());
        slots.get(need.key()).add(slot);
        permits.add(new Store.Permit(need.key(), slot, attempt));
      }
      if (need.rate() != null) {
        long after = need.rate().afterGrantUs(tatUs.get(need.key()), nowUs);
        tatUs.put(need.key(), after);
        changedTatUs.put(need.key(), after);
      }
    }
  }

  private int freeSlot(LimitKey key) {
    int slot = 0;
    while (slots.get(key).contains(slot)) {
      slot++;
    }
    return slot;
  }

  List<Store.Permit> permits() {
    return permits;
  }

  List<Store.RateUse> rates() {
    return changedTatUs.entrySet().stream()
        .map(entry -> new Store.RateUse(entry.getKey(), entry.getValue()))
        .toList();
  }
}
