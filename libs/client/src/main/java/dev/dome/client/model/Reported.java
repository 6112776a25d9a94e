package dev.dome.client.model;

import java.util.List;

/**
 * The answer to a result.
 *
 * @param tasks what the result's claim_next was granted
 * @param directives what the server asks of the worker
 */
public record Reported(
    String attemptId,
    String taskId,
    TaskStatus taskStatus,
    RunStatus runStatus,
    List<Grant> tasks,
    List<String> directives,
    Position position) {
  public Reported {
    tasks = tasks == null ? List.of() : List.copyOf(tasks);
    directives = directives == null ? List.of() : List.copyOf(directives);
  }

  /** Whether the server wants this worker to take nothing new. */
  public boolean drain() {
    return directives.contains(Lease.DRAIN);
  }
}
