package dev.dome.verification.invariant;

import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The path of every task through its topics, told from the journal alone: assigned, claimed,
 * started, reported or expired, delayed, settled. A second source for what the transition tables
 * say.
 */
final class TaskPaths {
  /** Where a task stands between two of its rows. */
  private enum Place {
    PLANNED,
    ASSIGNED,
    HELD,
    ENDED,
    DELAYED,
    SETTLED
  }

  private final ObservedRun run;
  private final Map<String, Place> places = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private boolean completed;

  private TaskPaths(ObservedRun run) {
    this.run = run;
  }

  static List<Violation> check(ObservedRun run) {
    TaskPaths paths = new TaskPaths(run);
    run.rows().forEach(paths::follow);
    return paths.violations;
  }

  private void follow(PublishedRow row) {
    if (completed) {
      found(row, "a final run, but the row follows its end");
    }
    if (row.kind() == PublishedRow.Kind.EVENT) {
      completed |= row.envelope().topic().equals("run.completed");
      ObservedRun.task(row).ifPresent(task -> move(row, task));
    }
  }

  private void move(PublishedRow row, String task) {
    Place from = places.getOrDefault(task, Place.PLANNED);
    Optional<Place> to = next(from, row.envelope().topic());
    if (to.isEmpty()) {
      found(row, "task " + task + " is " + from);
      return;
    }
    places.put(task, to.get());
  }

  /** Where a row leads, empty where it may not stand; rows of other topics lead nowhere. */
  private static Optional<Place> next(Place from, String topic) {
    return switch (topic) {
      case "task.assigned" -> when(from, Place.ASSIGNED, Place.PLANNED, Place.ENDED, Place.DELAYED);
      case "task.claimed" -> when(from, Place.HELD, Place.ASSIGNED);
      case "task.started" -> when(from, Place.HELD, Place.HELD);
      case "task.result.raw", "task.lease.expired", "task.timed_out" ->
          when(from, Place.ENDED, Place.HELD);
      case "task.retry.scheduled" -> when(from, Place.DELAYED, Place.ENDED);
      case "task.dead_lettered" -> when(from, Place.ENDED, Place.ENDED);
      case "task.result" ->
          when(from, Place.SETTLED, Place.PLANNED, Place.ASSIGNED, Place.ENDED, Place.DELAYED);
      default -> Optional.of(from);
    };
  }

  private static Optional<Place> when(Place from, Place to, Place... allowed) {
    return List.of(allowed).contains(from) ? Optional.of(to) : Optional.empty();
  }

  private void found(PublishedRow row, String detail) {
    violations.add(
        new Violation(
            Invariant.LEGAL_TRANSITIONS,
            run.subject(),
            "row " + row.envelope().sequence() + " " + row.envelope().topic() + ": " + detail));
  }
}
