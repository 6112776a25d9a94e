package dev.dome.client.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A task of a run.
 *
 * @param attempt the current or next one, from 1
 * @param result how the task was settled, else null
 */
public record Task(
    String taskId,
    String goal,
    TaskStatus status,
    List<String> dependencies,
    String queue,
    int priority,
    List<String> command,
    int attempt,
    String reasonCode,
    String workerId,
    String attemptId,
    JsonNode result) {
  public Task {
    dependencies = dependencies == null ? List.of() : List.copyOf(dependencies);
    command = command == null ? List.of() : List.copyOf(command);
  }
}
