package dev.dome.client.model;

import java.util.List;

/** A task of a run. */
public record Task(
    String taskId,
    String goal,
    TaskStatus status,
    List<String> dependencies,
    String queue,
    int priority,
    int attempt,
    String reasonCode,
    String workerId,
    String attemptId) {
  public Task {
    dependencies = dependencies == null ? List.of() : List.copyOf(dependencies);
  }
}
