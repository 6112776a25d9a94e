package dev.dome.statecontroller.application.read;

import dev.dome.kernel.TaskState;
import dev.dome.kernel.TaskStatus;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How many tasks of a run stand where. */
public record TaskCounts(
    int total, int queued, int claimed, int running, int gated, int done, int blocked) {

  public static TaskCounts of(List<TaskState> tasks) {
    Map<TaskStatus, Long> counts =
        tasks.stream()
            .collect(
                Collectors.groupingBy(
                    TaskState::status,
                    () -> new EnumMap<>(TaskStatus.class),
                    Collectors.counting()));
    return new TaskCounts(
        tasks.size(),
        count(counts, TaskStatus.QUEUED),
        count(counts, TaskStatus.CLAIMED),
        count(counts, TaskStatus.RUNNING),
        count(counts, TaskStatus.GATED),
        count(counts, TaskStatus.DONE),
        count(counts, TaskStatus.BLOCKED));
  }

  private static int count(Map<TaskStatus, Long> counts, TaskStatus status) {
    return Math.toIntExact(counts.getOrDefault(status, 0L));
  }
}
