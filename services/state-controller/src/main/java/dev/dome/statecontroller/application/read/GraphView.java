package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.List;

/**
 * One page of a run's plan as a graph with the state of each node, in the order of the plan.
 *
 * @param edges that lead to nodes of this page; where they come from may be on another
 * @param nextCursor where the next page begins; absent on the last one
 */
public record GraphView(
    String runId,
    String status,
    boolean paused,
    List<Node> nodes,
    List<Edge> edges,
    String nextCursor) {

  public record Node(
      String taskId, String goal, String queue, String status, int attempt, String reasonCode) {}

  /** The task {@code to} starts after the task {@code from} has passed. */
  public record Edge(String from, String to) {}

  /** The graph of these tasks of a run. */
  public static GraphView of(RunRecord run, List<TaskState> tasks, String nextCursor) {
    List<Edge> edges = new ArrayList<>();
    for (TaskState task : tasks) {
      for (TaskId dependency : task.plan().dependencies()) {
        edges.add(new Edge(dependency.value(), task.plan().taskId().value()));
      }
    }
    return new GraphView(
        run.runId().value(),
        run.status().name(),
        run.paused(),
        tasks.stream().map(GraphView::node).toList(),
        edges,
        nextCursor);
  }

  private static Node node(TaskState task) {
    return new Node(
        task.plan().taskId().value(),
        task.plan().goal(),
        task.plan().queue().value(),
        task.status().name(),
        task.attempt(),
        task.reasonCode() == null ? null : task.reasonCode().value());
  }
}
