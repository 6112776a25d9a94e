package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Ready tasks whose concurrency key or half-open breaker has no free slot. Permits are freed on any
 * replica, so each sweep puts all of them back into the ready index, where the next claim tries
 * again.
 */
final class HeldBack {
  private final Set<ReadyTask> tasks = new LinkedHashSet<>();

  void hold(ReadyTask task) {
    tasks.add(task);
  }

  void returnTo(ReadyIndex ready) {
    tasks.forEach(ready::add);
    tasks.clear();
  }

  void dropLane(Lane lane) {
    tasks.removeIf(task -> task.lane().equals(lane));
  }

  void clear() {
    tasks.clear();
  }
}
