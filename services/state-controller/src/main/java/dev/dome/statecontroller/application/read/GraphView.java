package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.List;

/** A run's plan as a graph with the state of each node, in the order of the plan. */
public record GraphView(
    String runId, String status, boolean paused, List<Node> nodes, List<Edge> edges) {

  public record Node(
      String taskId, String goal, String queue, String status, int attempt, String reasonCode) {}

  /** The task {@code to} starts after the task {@code from} has passed. */
  public record Edge(String from, String to) {}

  public static GraphView of(RunState state) {
    List<Edge> edges = new ArrayList<>();
    for (TaskState task : state.tasks()) {
      for (TaskId dependency : task.plan().dependencies()) {
        edges.add(new Edge(dependency.value(), task.plan().taskId().value()));
      }
    }
    return new GraphView(
        state.runId().value(),
        state.status().name(),
        state.paused(),
        state.tasks().stream().map(GraphView::node).toList(),
        edges);
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
