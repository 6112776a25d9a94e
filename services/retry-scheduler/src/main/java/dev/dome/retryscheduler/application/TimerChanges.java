package dev.dome.retryscheduler.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What some journal rows mean for timers.
 *
 * @param set timers to keep until they are due
 * @param completedRuns runs whose timers go
 */
public record TimerChanges(List<Timer> set, Set<RunUid> completedRuns) {

  /** Reads rows in order; a run that completes within them needs no timer of theirs. */
  public static TimerChanges of(List<PublishedRow> rows) {
    List<Timer> set = new ArrayList<>();
    Set<RunUid> completed = new TreeSet<>();
    for (PublishedRow row : rows) {
      if (row.kind() == PublishedRow.Kind.EVENT) {
        timer(row).ifPresent(set::add);
        if (row.envelope().topic().equals("run.completed")) {
          completed.add(row.runUid());
        }
      }
    }
    set.removeIf(timer -> completed.contains(timer.runUid()));
    return new TimerChanges(List.copyOf(set), completed);
  }

  /** When the first of the new timers is due. */
  public OptionalLong firstDueAtMs() {
    return set.stream().mapToLong(Timer::dueAtMs).min();
  }

  public boolean isEmpty() {
    return set.isEmpty() && completedRuns.isEmpty();
  }

  private static Optional<Timer> timer(PublishedRow row) {
    JsonNode payload = row.envelope().payload();
    return switch (row.envelope().topic()) {
      case "task.retry.scheduled" ->
          Optional.of(
              timer(
                  row,
                  TimerKind.RETRY,
                  new Timer.DueTask(
                      new TaskId(payload.required("task_id").asText()),
                      payload.required("attempt").asInt()),
                  payload.required("due_at_ms").asLong()));
      case "plan.wave.created" ->
          due(payload, "deadline_at_ms").map(at -> timer(row, TimerKind.RUN_DEADLINE, null, at));
      case "promotion.decision" ->
          due(payload, "approval_due_at_ms")
              .map(at -> timer(row, TimerKind.APPROVAL_EXPIRY, null, at));
      default -> Optional.empty();
    };
  }

  private static Optional<Long> due(JsonNode payload, String field) {
    return payload.hasNonNull(field) ? Optional.of(payload.get(field).asLong()) : Optional.empty();
  }

  private static Timer timer(PublishedRow row, TimerKind kind, Timer.DueTask task, long dueAtMs) {
    return new Timer(
        row.runUid() + "-" + row.envelope().sequence(),
        row.runUid(),
        row.envelope().runId(),
        row.namespace(),
        row.lane(),
        kind,
        task,
        dueAtMs);
  }
}
