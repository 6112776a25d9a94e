package dev.dome.kernel;

import static dev.dome.kernel.TaskSignal.BLOCK;
import static dev.dome.kernel.TaskSignal.CARRY;
import static dev.dome.kernel.TaskSignal.CLAIM;
import static dev.dome.kernel.TaskSignal.GATE_FAIL;
import static dev.dome.kernel.TaskSignal.GATE_PASS;
import static dev.dome.kernel.TaskSignal.LEASE_EXPIRED;
import static dev.dome.kernel.TaskSignal.RETRY;
import static dev.dome.kernel.TaskSignal.RUN;
import static dev.dome.kernel.TaskStatus.BLOCKED;
import static dev.dome.kernel.TaskStatus.CLAIMED;
import static dev.dome.kernel.TaskStatus.DONE;
import static dev.dome.kernel.TaskStatus.GATED;
import static dev.dome.kernel.TaskStatus.QUEUED;
import static dev.dome.kernel.TaskStatus.RUNNING;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The task state machine as data; the same table as state.transitions.json in ssot. */
public final class TaskTransitions {
  /** One legal move. */
  public record Move(TaskStatus from, TaskSignal signal, TaskStatus to) {}

  /** Every legal move; whatever is not here is rejected. */
  public static final List<Move> TABLE =
      List.of(
          new Move(QUEUED, CLAIM, CLAIMED),
          new Move(QUEUED, BLOCK, BLOCKED),
          new Move(QUEUED, CARRY, GATED),
          new Move(CLAIMED, RUN, RUNNING),
          new Move(CLAIMED, BLOCK, BLOCKED),
          new Move(CLAIMED, LEASE_EXPIRED, QUEUED),
          new Move(RUNNING, GATE_PASS, GATED),
          new Move(RUNNING, GATE_FAIL, BLOCKED),
          new Move(RUNNING, BLOCK, BLOCKED),
          new Move(RUNNING, RETRY, QUEUED),
          new Move(RUNNING, LEASE_EXPIRED, QUEUED),
          new Move(GATED, GATE_PASS, DONE),
          new Move(GATED, GATE_FAIL, BLOCKED),
          new Move(GATED, BLOCK, BLOCKED));

  private static final Map<TaskStatus, Map<TaskSignal, TaskStatus>> NEXT = index();

  private TaskTransitions() {}

  /** Where the signal leads from a status, or empty when the table has no such move. */
  public static Optional<TaskStatus> next(TaskStatus from, TaskSignal signal) {
    return Optional.ofNullable(NEXT.get(from).get(signal));
  }

  /** Where an event that was decided leads; an event without a legal move is a defect. */
  static TaskStatus move(TaskStatus from, TaskSignal signal) {
    return next(from, signal)
        .orElseThrow(
            () -> new IllegalStateException("expected a legal move but " + from + "." + signal));
  }

  private static Map<TaskStatus, Map<TaskSignal, TaskStatus>> index() {
    Map<TaskStatus, Map<TaskSignal, TaskStatus>> next = new EnumMap<>(TaskStatus.class);
    for (TaskStatus from : TaskStatus.values()) {
      next.put(from, new EnumMap<>(TaskSignal.class));
    }
    TABLE.forEach(move -> next.get(move.from()).put(move.signal(), move.to()));
    return next;
  }
}
