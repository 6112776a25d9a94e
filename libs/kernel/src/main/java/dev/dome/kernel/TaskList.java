package dev.dome.kernel;

import dev.dome.contracts.id.TaskId;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/**
 * The tasks of a run in the order of its plan, each found by its id at once. Immutable. A plan
 * never changes, so every list that follows from another one shares its index.
 */
final class TaskList extends AbstractList<TaskState> implements RandomAccess {
  private final TaskState[] tasks;
  private final Map<TaskId, Integer> indexById;

  private TaskList(TaskState[] tasks, Map<TaskId, Integer> indexById) {
    this.tasks = tasks;
    this.indexById = indexById;
  }

  /** The list itself, or one that holds the same; of tasks with the same id the first is found. */
  static TaskList of(List<TaskState> tasks) {
    if (tasks instanceof TaskList list) {
      return list;
    }
    Map<TaskId, Integer> indexById = HashMap.newHashMap(tasks.size());
    TaskState[] copy = tasks.toArray(TaskState[]::new);
    for (int i = 0; i < copy.length; i++) {
      indexById.putIfAbsent(copy[i].plan().taskId(), i);
    }
    return new TaskList(copy, indexById);
  }

  /** The same plan as its tasks now stand. */
  TaskList with(TaskState[] next) {
    return new TaskList(next.clone(), indexById);
  }

  /** The place of a task in the plan, or -1. */
  int indexOf(TaskId id) {
    return indexById.getOrDefault(id, -1);
  }

  @Override
  public TaskState get(int index) {
    return tasks[index];
  }

  @Override
  public int size() {
    return tasks.length;
  }

  @Override
  public TaskState[] toArray() {
    return tasks.clone();
  }
}
