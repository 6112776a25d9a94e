package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.TaskState;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The open runs that were touched last, bounded by weight: one for a run and one for each task.
 * Holds committed states only, and only of lanes that this replica owns.
 */
final class RunCache {
  private final int maxWeight;
  private int weight;
  private final LinkedHashMap<RunUid, RunHead> runs = new LinkedHashMap<>(1024, 0.75f, true);
  private final Map<Store.RunName, RunUid> names = new HashMap<>();
  private final Map<AttemptId, RunUid> attempts = new HashMap<>();

  RunCache(int maxWeight) {
    this.maxWeight = maxWeight;
  }

  RunHead get(RunUid runUid) {
    return runs.get(runUid);
  }

  RunUid named(Store.RunName name) {
    return names.get(name);
  }

  /** The run whose live attempt it is, if that run is cached. */
  RunUid ofAttempt(AttemptId attemptId) {
    return attempts.get(attemptId);
  }

  /** Replaces a run; a final one is forgotten, because it never changes again. */
  void put(RunHead head) {
    remove(head.state().runUid());
    if (head.state().status().isFinal()) {
      return;
    }
    runs.put(head.state().runUid(), head);
    names.put(nameOf(head), head.state().runUid());
    for (TaskState task : head.state().tasks()) {
      if (task.attemptId() != null) {
        attempts.put(task.attemptId(), head.state().runUid());
      }
    }
    weight += weightOf(head);
    trim();
  }

  private void trim() {
    while (weight > maxWeight && runs.size() > 1) {
      remove(runs.keySet().iterator().next());
    }
  }

  private void remove(RunUid runUid) {
    RunHead head = runs.remove(runUid);
    if (head != null) {
      forget(head);
    }
  }

  private void forget(RunHead head) {
    names.remove(nameOf(head));
    for (TaskState task : head.state().tasks()) {
      if (task.attemptId() != null) {
        attempts.remove(task.attemptId());
      }
    }
    weight -= weightOf(head);
  }

  void dropLane(Lane lane) {
    Iterator<RunHead> heads = runs.values().iterator();
    while (heads.hasNext()) {
      RunHead head = heads.next();
      if (head.state().lane().equals(lane)) {
        heads.remove();
        forget(head);
      }
    }
  }

  void clear() {
    runs.clear();
    names.clear();
    attempts.clear();
    weight = 0;
  }

  private static Store.RunName nameOf(RunHead head) {
    return new Store.RunName(head.state().namespace(), head.state().runId());
  }

  private static int weightOf(RunHead head) {
    return 1 + head.state().tasks().size();
  }
}
