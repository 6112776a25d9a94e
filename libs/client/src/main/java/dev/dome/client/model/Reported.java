package dev.dome.client.model;

import java.util.List;

/**
 * The answer to a result.
 *
 * @param tasks what the result's claim_next was granted
 */
public record Reported(
    String attemptId,
    String taskId,
    TaskStatus taskStatus,
    RunStatus runStatus,
    List<Grant> tasks,
    Position position) {
  public Reported {
    tasks = tasks == null ? List.of() : List.copyOf(tasks);
  }
}
