package dev.dome.statecontroller.application;

import dev.dome.contracts.Labels;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.DispatchOrder;
import dev.dome.kernel.RunState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tasks that wait for a worker, by queue and by the labels they require, in the order they are
 * granted. An index only: before a grant the kernel says whether the task may be granted, so an
 * entry too many does no harm.
 */
final class ReadyIndex {
  static final Comparator<ReadyTask> ORDER =
      Comparator.comparing(ReadyTask::order, DispatchOrder.ACROSS_RUNS);

  /** What requires other labels is no obstacle: each set of them has a row of its own. */
  private final Map<QueueKey, Map<Map<String, String>, TreeSet<ReadyTask>>> byQueue =
      new HashMap<>();

  private final Map<RunUid, List<ReadyTask>> byRun = new HashMap<>();

  /** Makes the entries of a run those of its state. */
  void replace(RunState run) {
    remove(run.runUid());
    run.dispatchable().forEach(task -> add(ReadyTask.of(run, task)));
  }

  void add(ReadyTask task) {
    if (byQueue
        .computeIfAbsent(task.key(), k -> new HashMap<>(2))
        .computeIfAbsent(task.requires(), k -> new TreeSet<>(ORDER))
        .add(task)) {
      byRun.computeIfAbsent(task.runUid(), k -> new ArrayList<>(2)).add(task);
    }
  }

  void remove(RunUid runUid) {
    List<ReadyTask> tasks = byRun.remove(runUid);
    if (tasks != null) {
      tasks.forEach(this::removeFromQueue);
    }
  }

  /** Removes one entry, for example because a limit holds it back. */
  void remove(ReadyTask task) {
    removeFromQueue(task);
    List<ReadyTask> ofRun = byRun.get(task.runUid());
    if (ofRun != null && ofRun.remove(task) && ofRun.isEmpty()) {
      byRun.remove(task.runUid());
    }
  }

  private void removeFromQueue(ReadyTask task) {
    Map<Map<String, String>, TreeSet<ReadyTask>> ofQueue = byQueue.get(task.key());
    if (ofQueue == null) {
      return;
    }
    TreeSet<ReadyTask> alike = ofQueue.get(task.requires());
    if (alike != null && alike.remove(task) && alike.isEmpty()) {
      ofQueue.remove(task.requires());
      if (ofQueue.isEmpty()) {
        byQueue.remove(task.key());
      }
    }
  }

  /** The first entry of a queue that a worker with these labels may have. */
  Optional<ReadyTask> first(QueueKey key, Map<String, String> offered) {
    return byQueue.getOrDefault(key, Map.of()).entrySet().stream()
        .filter(alike -> Labels.satisfied(alike.getKey(), offered))
        .map(alike -> alike.getValue().first())
        .min(ORDER);
  }

  /** The entries of the task's queue that require the same labels, first to be granted first. */
  NavigableSet<ReadyTask> alike(ReadyTask task) {
    TreeSet<ReadyTask> alike = byQueue.getOrDefault(task.key(), Map.of()).get(task.requires());
    return alike == null ? Collections.emptyNavigableSet() : alike;
  }

  /**
   * For each set of labels that something of the queue requires, the first such entry, in order.
   */
  List<ReadyTask> heads(QueueKey key) {
    return byQueue.getOrDefault(key, Map.of()).values().stream()
        .map(TreeSet::first)
        .sorted(ORDER)
        .toList();
  }

  /** So many of the queue's first entries, whatever labels they require. */
  List<ReadyTask> firstOf(QueueKey key, int count) {
    return byQueue.getOrDefault(key, Map.of()).values().stream()
        .flatMap(alike -> alike.stream().limit(count))
        .sorted(ORDER)
        .limit(count)
        .toList();
  }

  Set<QueueKey> queues() {
    return Set.copyOf(byQueue.keySet());
  }

  void dropLane(Lane lane) {
    List<ReadyTask> gone =
        byRun.values().stream()
            .flatMap(List::stream)
            .filter(task -> task.lane().equals(lane))
            .toList();
    gone.forEach(this::remove);
  }

  void clear() {
    byQueue.clear();
    byRun.clear();
  }
}
