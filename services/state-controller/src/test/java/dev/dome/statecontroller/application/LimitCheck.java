package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.PlannedTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What must hold of limits after every turn of every replica: no more holders than slots, no more
 * grants than the rate allows, and no slot without somebody who holds it. It counts leases, not
 * permits, so it does not believe what it checks.
 */
final class LimitCheck {
  private final MemoryStore store;
  private final Map<LimitName, TaskLimit> limits = new HashMap<>();
  private final Map<LimitName, List<Long>> grantsUs = new HashMap<>();
  private int seen;
  private int full;

  private LimitCheck(MemoryStore store, List<TaskLimit> limits) {
    this.store = store;
    limits.forEach(limit -> this.limits.put(limit.name(), limit));
  }

  /** Sets the limits in the store and looks after them. */
  static LimitCheck of(MemoryStore store, List<TaskLimit> limits) {
    store.limit(limits);
    return new LimitCheck(store, limits);
  }

  void afterTurn() {
    Map<LimitName, Integer> holders = new HashMap<>();
    for (Store.Lease lease : store.live.values()) {
      plan(lease).limits().forEach(name -> holders.merge(name, 1, Integer::sum));
    }
    holders.forEach(this::atMost);
    store.leases.values().stream()
        .skip(seen)
        .forEach(lease -> plan(lease).limits().forEach(this::granted));
    seen = store.leases.size();
    assertThat(store.live.keySet())
        .as("who holds a slot holds a lease")
        .containsAll(store.permits.values());
  }

  private PlannedTask plan(Store.Lease lease) {
    return store
        .runs
        .get(lease.runUid())
        .state()
        .task(new TaskId(lease.taskId()))
        .orElseThrow()
        .plan();
  }

  private void atMost(LimitName name, int holders) {
    TaskLimit limit = limits.get(name);
    Integer slots = TaskLimit.slots(name, limit == null ? null : limit.maxConcurrent());
    if (slots != null) {
      assertThat(holders).as("tasks that hold " + name).isLessThanOrEqualTo(slots);
      full += holders == slots ? 1 : 0;
    }
  }

  private void granted(LimitName name) {
    Rate rate = limits.containsKey(name) ? limits.get(name).rate() : null;
    if (rate == null) {
      return;
    }
    long nowUs = 1_000 * store.clockMs();
    List<Long> earlier = grantsUs.computeIfAbsent(name, k -> new ArrayList<>());
    earlier.add(nowUs);
    for (int first = 0; first < earlier.size(); first++) {
      long allowed = rate.burst() + (nowUs - earlier.get(first)) / rate.intervalUs();
      assertThat((long) earlier.size() - first)
          .as("grants of %s since %s of %s", name, earlier.get(first), rate)
          .isLessThanOrEqualTo(allowed);
    }
  }

  /** How often something was found to be full. */
  int full() {
    return full;
  }
}
