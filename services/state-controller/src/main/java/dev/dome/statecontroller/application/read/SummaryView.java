package dev.dome.statecontroller.application.read;

import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.List;
import java.util.Objects;

/**
 * A run in numbers.
 *
 * @param failed tasks that did not pass: BLOCKED by a result, a dependency or the end of the run
 * @param retries attempts beyond the first, of all tasks together
 * @param failedRatio failed / total, 0..1
 * @param durationMs from its creation to its last event
 * @param workMs what the workers reported for the settled results together
 */
public record SummaryView(
    String runId,
    String status,
    TaskCounts tasks,
    int failed,
    int retries,
    double failedRatio,
    long durationMs,
    long workMs,
    AlertGate alertGate) {

  /**
   * The alert gate of the contract family.
   *
   * @param status PASS, or ALERT when a value is over its limit
   */
  public record AlertGate(
      String status, double failedRatio, double maxFailedRatio, int retries, int maxRetries) {

    static AlertGate of(double failedRatio, int retries, AlertLimits limits) {
      boolean pass = failedRatio <= limits.maxFailedRatio() && retries <= limits.maxRetries();
      return new AlertGate(
          pass ? "PASS" : "ALERT",
          failedRatio,
          limits.maxFailedRatio(),
          retries,
          limits.maxRetries());
    }
  }

  /** Above which values a run's summary raises an alert. */
  public record AlertLimits(double maxFailedRatio, int maxRetries) {}

  public static SummaryView of(RunState state, AlertLimits limits) {
    TaskCounts counts = TaskCounts.of(state.tasks());
    int retries = state.tasks().stream().mapToInt(task -> task.attempt() - 1).sum();
    double failedRatio = counts.total() == 0 ? 0 : (double) counts.blocked() / counts.total();
    return new SummaryView(
        state.runId().value(),
        state.status().name(),
        counts,
        counts.blocked(),
        retries,
        failedRatio,
        state.changedAtMs() - state.createdAtMs(),
        workMs(state.tasks()),
        AlertGate.of(failedRatio, retries, limits));
  }

  private static long workMs(List<TaskState> tasks) {
    return tasks.stream()
        .map(TaskState::result)
        .filter(Objects::nonNull)
        .filter(result -> result.status() != ResultStatus.BLOCKED)
        .map(result -> result.durationMs())
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .sum();
  }
}
