package dev.dome.kernel;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.TaskId;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.stream.Stream;

/**
 * The tasks of a run in the order of its plan, each found by its id at once. Immutable. A plan
 * never changes, so every list that follows from another one shares its places; and since most of
 * its tasks are those of that one, it takes over what they are in JSON as far as that was asked.
 */
final class TaskList extends AbstractList<TaskState> implements RandomAccess {
  private static final int CHARS_PER_TASK = 700;

  private final TaskState[] tasks;
  private final Places places;

  /** Canonical JSON by place; null where nobody has asked, and then for all until somebody does. */
  private String[] texts;

  private TaskList(TaskState[] tasks, Places places, String[] texts) {
    this.tasks = tasks;
    this.places = places;
    this.texts = texts;
  }

  /**
   * What follows from the plan alone.
   *
   * @param indexById of tasks with the same id the first
   * @param dispatchOrder the places in the order in which the tasks are granted
   */
  private record Places(Map<TaskId, Integer> indexById, List<Integer> dispatchOrder) {
    static Places of(TaskState[] tasks) {
      Map<TaskId, Integer> indexById = LinkedHashMap.newLinkedHashMap(tasks.length);
      List<Integer> order = new ArrayList<>(tasks.length);
      for (int i = 0; i < tasks.length; i++) {
        indexById.putIfAbsent(tasks[i].plan().taskId(), i);
        order.add(i);
      }
      order.sort((one, other) -> DispatchOrder.WITHIN_RUN.compare(tasks[one], tasks[other]));
      return new Places(indexById, order);
    }
  }

  /** The list itself, or one that holds the same; of tasks with the same id the first is found. */
  static TaskList of(List<TaskState> tasks) {
    if (tasks instanceof TaskList list) {
      return list;
    }
    TaskState[] copy = tasks.toArray(TaskState[]::new);
    return new TaskList(copy, Places.of(copy), null);
  }

  /** The same plan as its tasks now stand. */
  TaskList with(TaskState[] next) {
    return new TaskList(next.clone(), places, textsOf(next));
  }

  private String[] textsOf(TaskState[] next) {
    String[] known = texts;
    if (known == null) {
      return null;
    }
    String[] kept = new String[next.length];
    for (int i = 0; i < next.length; i++) {
      kept[i] = isSame(next[i], tasks[i]) ? known[i] : null;
    }
    return kept;
  }

  /** Only what was handed on unchanged counts: to compare further costs what is to be saved. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(TaskState one, TaskState other) {
    return one == other;
  }

  /** The place of a task in the plan, or -1. */
  int indexOf(TaskId id) {
    return places.indexById().getOrDefault(id, -1);
  }

  /** The tasks in the order of {@link DispatchOrder#WITHIN_RUN}. */
  Stream<TaskState> inDispatchOrder() {
    return places.dispatchOrder().stream().map(place -> tasks[place]);
  }

  /**
   * Canonical JSON of the list. Two threads that ask at once find the same texts, so it does not
   * matter whose are kept.
   */
  CanonicalJson.Fragment canonical() {
    String[] known = texts == null ? new String[tasks.length] : texts;
    StringBuilder out = new StringBuilder(2 + tasks.length * CHARS_PER_TASK).append('[');
    for (int i = 0; i < tasks.length; i++) {
      if (known[i] == null) {
        known[i] = CanonicalJson.text(Json.tree(tasks[i]));
      }
      out.append(i == 0 ? "" : ",").append(known[i]);
    }
    texts = known;
    return new CanonicalJson.Fragment(out.append(']').toString());
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
