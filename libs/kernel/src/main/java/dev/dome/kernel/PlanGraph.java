package dev.dome.kernel;

import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.TaskId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks that tasks and their dependencies form a graph that can be run. */
final class PlanGraph {
  /** A cycle is described by at most this many of its tasks. */
  private static final int MAX_SHOWN = 8;

  private final DocumentReader document;
  private final List<PlannedTask> tasks;
  private final Map<TaskId, Integer> indexById;

  private PlanGraph(DocumentReader document, List<PlannedTask> tasks) {
    this.document = document;
    this.tasks = tasks;
    this.indexById = LinkedHashMap.newLinkedHashMap(tasks.size());
  }

  /** Notes every duplicate id and unknown dependency, else too many dependencies, else a cycle. */
  static void check(DocumentReader document, List<PlannedTask> tasks) {
    PlanGraph graph = new PlanGraph(document, tasks);
    graph.checkIds();
    graph.checkDependencies();
    if (document.errors().isEmpty()) {
      graph.checkCycle();
    }
  }

  private void checkIds() {
    for (int i = 0; i < tasks.size(); i++) {
      TaskId id = tasks.get(i).taskId();
      Integer first = indexById.putIfAbsent(id, i);
      if (first != null) {
        document.add(
            new FieldError(
                "/tasks/" + i + "/task_id",
                KernelReasonCodes.PLAN_DUPLICATE_TASK_ID,
                "expected a new id but /tasks/" + first + " has " + id));
      }
    }
  }

  private void checkDependencies() {
    long count = 0;
    for (int i = 0; i < tasks.size(); i++) {
      for (TaskId dependency : tasks.get(i).dependencies()) {
        count++;
        if (!indexById.containsKey(dependency)) {
          document.add(
              new FieldError(
                  "/tasks/" + i + "/dependencies",
                  KernelReasonCodes.PLAN_UNKNOWN_DEPENDENCY,
                  "expected a task of this plan but was " + dependency));
        }
      }
    }
    if (count > Planner.MAX_DEPENDENCIES) {
      document.add(
          new FieldError(
              "/tasks",
              KernelReasonCodes.REQUEST_LIMIT_EXCEEDED,
              "expected at most " + Planner.MAX_DEPENDENCIES + " dependencies"));
    }
  }

  /** Takes tasks whose dependencies are all taken until none is left; the rest holds a cycle. */
  private void checkCycle() {
    int[] missing = new int[tasks.size()];
    List<List<Integer>> dependents = new ArrayList<>();
    tasks.forEach(t -> dependents.add(new ArrayList<>()));
    Deque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < tasks.size(); i++) {
      missing[i] = tasks.get(i).dependencies().size();
      for (TaskId dependency : tasks.get(i).dependencies()) {
        dependents.get(indexById.get(dependency)).add(i);
      }
      if (missing[i] == 0) {
        free.add(i);
      }
    }
    int taken = 0;
    while (!free.isEmpty()) {
      taken++;
      for (int dependent : dependents.get(free.remove())) {
        if (--missing[dependent] == 0) {
          free.add(dependent);
        }
      }
    }
    if (taken < tasks.size()) {
      reportCycle(missing);
    }
  }

  /** Walks from a task that was not taken to dependencies that were not, until one comes again. */
  private void reportCycle(int[] missing) {
    int at = 0;
    while (missing[at] == 0) {
      at++;
    }
    List<Integer> path = new ArrayList<>();
    boolean[] seen = new boolean[tasks.size()];
    while (!seen[at]) {
      seen[at] = true;
      path.add(at);
      at = firstNotTaken(at, missing);
    }
    List<Integer> cycle = path.subList(path.indexOf(at), path.size());
    List<String> names =
        cycle.stream().limit(MAX_SHOWN).map(i -> tasks.get(i).taskId().value()).toList();
    String tail = cycle.size() > MAX_SHOWN ? " → …" : " → " + tasks.get(at).taskId();
    document.add(
        new FieldError(
            "/tasks/" + at + "/dependencies",
            KernelReasonCodes.PLAN_CYCLE,
            "expected no cycle but was " + String.join(" → ", names) + tail));
  }

  private int firstNotTaken(int at, int[] missing) {
    for (TaskId dependency : tasks.get(at).dependencies()) {
      int index = indexById.get(dependency);
      if (missing[index] > 0) {
        return index;
      }
    }
    throw new IllegalStateException("a task that was not taken waits for one that was not");
  }
}
