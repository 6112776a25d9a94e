package dev.dome.retryscheduler.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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
 * @param endedAttempts attempts whose deadlines go, because they are over in time
 */
public record TimerChanges(
    List<Timer> set, Set<RunUid> completedRuns, Set<AttemptId> endedAttempts) {

  /** The events that say that an attempt is over. */
  private static final Set<String> ENDING =
      Set.of("task.result.raw", "task.lease.expired", "task.timed_out");

  /** Reads rows in order; a run that completes within them needs no timer of theirs. */
  public static TimerChanges of(List<PublishedRow> rows) {
    List<Timer> set = new ArrayList<>();
    Set<RunUid> completed = new TreeSet<>();
    Set<AttemptId> ended = new LinkedHashSet<>();
    for (PublishedRow row : rows) {
      if (row.kind() == PublishedRow.Kind.EVENT) {
        timer(row).ifPresent(set::add);
        if (row.envelope().topic().equals("run.completed")) {
          completed.add(row.runUid());
        }
        if (ENDING.contains(row.envelope().topic())) {
          ended.add(new AttemptId(row.envelope().payload().required("attempt_id").asText()));
        }
      }
    }
    set.removeIf(timer -> completed.contains(timer.runUid()));
    set.removeIf(timer -> timer.leased() != null && ended.contains(timer.leased().attemptId()));
    return new TimerChanges(List.copyOf(set), completed, ended);
  }

  /** When the first of the new timers is due. */
  public OptionalLong firstDueAtMs() {
    return set.stream().mapToLong(Timer::dueAtMs).min();
  }

  public boolean isEmpty() {
    return set.isEmpty() && completedRuns.isEmpty() && endedAttempts.isEmpty();
  }

  private static Optional<Timer> timer(PublishedRow row) {
    JsonNode payload = row.envelope().payload();
    return switch (row.envelope().topic()) {
      case "task.retry.scheduled" ->
          Optional.of(
              timer(
                  row,
                  TimerKind.RETRY,
                  task(payload),
                  null,
                  payload.required("due_at_ms").asLong()));
      case "task.claimed" ->
          due(payload, "deadline_at_ms")
              .map(at -> timer(row, TimerKind.TASK_DEADLINE, task(payload), leased(payload), at));
      case "plan.wave.created" ->
          due(payload, "deadline_at_ms")
              .map(at -> timer(row, TimerKind.RUN_DEADLINE, null, null, at));
      case "promotion.decision" ->
          due(payload, "approval_due_at_ms")
              .map(at -> timer(row, TimerKind.APPROVAL_EXPIRY, null, null, at));
      default -> Optional.empty();
    };
  }

  private static Timer.DueTask task(JsonNode payload) {
    return new Timer.DueTask(
        new TaskId(payload.required("task_id").asText()), payload.required("attempt").asInt());
  }

  private static Timer.LeasedAttempt leased(JsonNode payload) {
    return new Timer.LeasedAttempt(
        new AttemptId(payload.required("attempt_id").asText()), payload.required("fence").asLong());
  }

  private static Optional<Long> due(JsonNode payload, String field) {
    return payload.hasNonNull(field) ? Optional.of(payload.get(field).asLong()) : Optional.empty();
  }

  private static Timer timer(
      PublishedRow row,
      TimerKind kind,
      Timer.DueTask task,
      Timer.LeasedAttempt leased,
      long dueAtMs) {
    return new Timer(
        row.runUid() + "-" + row.envelope().sequence(),
        row.runUid(),
        row.envelope().runId(),
        row.namespace(),
        row.lane(),
        kind,
        task,
        leased,
        dueAtMs,
        1);
  }
}
