package dev.dome.statecontroller.application;

import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.PlannedTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The limits of every namespace as of the last sweep. Only what a task needs is decided by them;
 * what is free of it is asked in the granting transaction.
 */
final class Limits {
  private final Map<LimitKey, TaskLimit> byKey = new HashMap<>();
  private final Set<NamespaceId> limited = new HashSet<>();
  private long version = Store.KnownLimits.NONE;

  /**
   * What a grant takes.
   *
   * @param slots how many there are, or null when their number is not limited
   * @param rate of the grants, or null
   */
  record Need(LimitKey key, Integer slots, Rate rate) {}

  /** The version they were read at, {@link Store.KnownLimits#NONE} before the first time. */
  long version() {
    return version;
  }

  void replace(Store.KnownLimits known) {
    byKey.clear();
    limited.clear();
    for (TaskLimit limit : known.limits()) {
      byKey.put(LimitKey.of(limit.namespace(), limit.name()), limit);
      limited.add(limit.namespace());
    }
    version = known.version();
  }

  /**
   * What a grant of the task takes; nothing for most tasks.
   *
   * @param halfOpen the breakers of which the task would be a probe
   */
  List<Need> of(NamespaceId namespace, PlannedTask task, List<BreakerSnapshot> halfOpen) {
    if (task.concurrencyKey() == null && halfOpen.isEmpty() && !limited.contains(namespace)) {
      return List.of();
    }
    List<Need> needs = new ArrayList<>(2);
    for (LimitName name : task.limits()) {
      LimitKey key = LimitKey.of(namespace, name);
      TaskLimit limit = byKey.get(key);
      Integer slots = TaskLimit.slots(name, limit == null ? null : limit.maxConcurrent());
      Rate rate = limit == null ? null : limit.rate();
      if (slots != null || rate != null) {
        needs.add(new Need(key, slots, rate));
      }
    }
    for (BreakerSnapshot breaker : halfOpen) {
      needs.add(new Need(LimitKey.ofProbes(namespace, breaker.key()), breaker.probes(), null));
    }
    return needs;
  }
}
