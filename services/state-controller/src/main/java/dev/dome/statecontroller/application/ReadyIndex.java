package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.DispatchOrder;
import dev.dome.kernel.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tasks that wait for a worker, by queue, in the order they are granted. An index only: before
 * a grant the kernel says whether the task may be granted, so an entry too many does no harm.
 */
final class ReadyIndex {
  static final Comparator<ReadyTask> ORDER =
      Comparator.comparing(ReadyTask::order, DispatchOrder.ACROSS_RUNS);

  private final Map<QueueKey, TreeSet<ReadyTask>> byQueue = new HashMap<>();
  private final Map<RunUid, List<ReadyTask>> byRun = new HashMap<>();

  /** Makes the entries of a run those of its state. */
  void replace(RunState run) {
    remove(run.runUid());
    run.dispatchable().forEach(task -> add(ReadyTask.of(run, task)));
  }

  void add(ReadyTask task) {
    if (byQueue.computeIfAbsent(task.key(), k -> new TreeSet<>(ORDER)).add(task)) {
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
    TreeSet<ReadyTask> tasks = byQueue.get(task.key());
    if (tasks != null && tasks.remove(task) && tasks.isEmpty()) {
      byQueue.remove(task.key());
    }
  }

  /** The entries of a queue, first to be granted first; empty when there are none. */
  NavigableSet<ReadyTask> of(QueueKey key) {
    TreeSet<ReadyTask> tasks = byQueue.get(key);
    return tasks == null ? new TreeSet<>(ORDER) : tasks;
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
