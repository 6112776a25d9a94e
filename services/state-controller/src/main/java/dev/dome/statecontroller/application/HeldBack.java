package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Ready tasks that a limit holds, under that limit. They go back into the ready index, where the
 * next claim tries again, when a slot is given back, when the rate has room, or with a sweep: slots
 * are given back on any replica, and word of it may be lost. A few of each queue go back at a time,
 * first in dispatch order first, because what is free is soon taken.
 */
final class HeldBack {
  /** How many of one queue a sweep returns for one limit. */
  private static final int AT_A_TIME = 64;

  private final Map<LimitKey, Held> byLimit = new LinkedHashMap<>();

  private static final class Held {
    final Map<QueueKey, TreeSet<ReadyTask>> tasks = new HashMap<>();
    long dueMs = Long.MAX_VALUE;

    void returnSome(int ofEachQueue, ReadyIndex ready) {
      Iterator<TreeSet<ReadyTask>> queues = tasks.values().iterator();
      while (queues.hasNext()) {
        TreeSet<ReadyTask> waiting = queues.next();
        for (int i = 0; i < ofEachQueue && !waiting.isEmpty(); i++) {
          ready.add(waiting.pollFirst());
        }
        if (waiting.isEmpty()) {
          queues.remove();
        }
      }
    }
  }

  /** Holds a task until somebody gives a slot back. */
  void hold(ReadyTask task, LimitKey limit) {
    of(limit).tasks.computeIfAbsent(task.key(), k -> new TreeSet<>(ReadyIndex.ORDER)).add(task);
  }

  /**
   * Holds a task of a rate.
   *
   * @param dueMs when the rate has room, on the writer's clock
   */
  void hold(ReadyTask task, LimitKey limit, long dueMs) {
    hold(task, limit);
    of(limit).dueMs = dueMs;
  }

  private Held of(LimitKey limit) {
    return byLimit.computeIfAbsent(limit, k -> new Held());
  }

  /** Returns tasks of a limit that has so many slots more; whether there were any. */
  boolean release(LimitKey limit, int slots, ReadyIndex ready) {
    Held held = byLimit.get(limit);
    if (held == null) {
      return false;
    }
    held.returnSome(slots, ready);
    forgetIfEmpty(limit, held);
    return true;
  }

  /** Returns tasks of the rates that have room by now; whether there were any. */
  boolean releaseDue(long nowMs, ReadyIndex ready) {
    List<LimitKey> due =
        byLimit.entrySet().stream()
            .filter(entry -> entry.getValue().dueMs <= nowMs)
            .map(Map.Entry::getKey)
            .toList();
    for (LimitKey limit : due) {
      byLimit.get(limit).dueMs = Long.MAX_VALUE;
      release(limit, AT_A_TIME, ready);
    }
    return !due.isEmpty();
  }

  /** When the next rate has room, on the writer's clock; Long.MAX_VALUE when none is waited for. */
  long nextDueMs() {
    return byLimit.values().stream().mapToLong(held -> held.dueMs).min().orElse(Long.MAX_VALUE);
  }

  /** Returns some of every limit. */
  void sweep(ReadyIndex ready) {
    List.copyOf(byLimit.keySet()).forEach(limit -> release(limit, AT_A_TIME, ready));
  }

  /** Returns all, because the limits are others now. */
  void releaseAll(ReadyIndex ready) {
    byLimit.values().forEach(held -> held.returnSome(Integer.MAX_VALUE, ready));
    byLimit.clear();
  }

  void dropLane(Lane lane) {
    for (Map.Entry<LimitKey, Held> entry : List.copyOf(byLimit.entrySet())) {
      Map<QueueKey, TreeSet<ReadyTask>> tasks = entry.getValue().tasks;
      tasks.values().forEach(waiting -> waiting.removeIf(task -> task.lane().equals(lane)));
      tasks.values().removeIf(TreeSet::isEmpty);
      forgetIfEmpty(entry.getKey(), entry.getValue());
    }
  }

  private void forgetIfEmpty(LimitKey limit, Held held) {
    if (held.tasks.isEmpty()) {
      byLimit.remove(limit);
    }
  }

  void clear() {
    byLimit.clear();
  }
}
