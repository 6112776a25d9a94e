package dev.dome.kernel;

import static dev.dome.kernel.RunSignal.APPROVE;
import static dev.dome.kernel.RunSignal.CANCEL;
import static dev.dome.kernel.RunSignal.EXPIRE;
import static dev.dome.kernel.RunSignal.GATE;
import static dev.dome.kernel.RunSignal.NEEDS_HUMAN;
import static dev.dome.kernel.RunSignal.PAUSE;
import static dev.dome.kernel.RunSignal.REJECT;
import static dev.dome.kernel.RunSignal.RESUME;
import static dev.dome.kernel.RunSignal.START;
import static dev.dome.kernel.RunStatus.AWAITING_APPROVAL;
import static dev.dome.kernel.RunStatus.CANCELLED;
import static dev.dome.kernel.RunStatus.EXPIRED;
import static dev.dome.kernel.RunStatus.GATING;
import static dev.dome.kernel.RunStatus.PLANNED;
import static dev.dome.kernel.RunStatus.PROMOTED;
import static dev.dome.kernel.RunStatus.REJECTED;
import static dev.dome.kernel.RunStatus.RUNNING;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The run state machine as data; the same table as state.transitions.json in ssot. */
public final class RunTransitions {
  /** One legal move; a move to the same status changes a flag only. */
  public record Move(RunStatus from, RunSignal signal, RunStatus to) {}

  /** Every legal move; whatever is not here is rejected. */
  public static final List<Move> TABLE =
      List.of(
          new Move(PLANNED, START, RUNNING),
          new Move(RUNNING, PAUSE, RUNNING),
          new Move(RUNNING, RESUME, RUNNING),
          new Move(RUNNING, GATE, GATING),
          new Move(RUNNING, CANCEL, CANCELLED),
          new Move(RUNNING, EXPIRE, EXPIRED),
          new Move(GATING, APPROVE, PROMOTED),
          new Move(GATING, REJECT, REJECTED),
          new Move(GATING, NEEDS_HUMAN, AWAITING_APPROVAL),
          new Move(AWAITING_APPROVAL, APPROVE, PROMOTED),
          new Move(AWAITING_APPROVAL, REJECT, REJECTED),
          new Move(AWAITING_APPROVAL, CANCEL, CANCELLED),
          new Move(AWAITING_APPROVAL, EXPIRE, EXPIRED));

  private static final Map<RunStatus, Map<RunSignal, RunStatus>> NEXT = index();

  private RunTransitions() {}

  /** Where the signal leads from a status, or empty when the table has no such move. */
  public static Optional<RunStatus> next(RunStatus from, RunSignal signal) {
    return Optional.ofNullable(NEXT.get(from).get(signal));
  }

  /** Where an event that was decided leads; an event without a legal move is a defect. */
  static RunStatus move(RunStatus from, RunSignal signal) {
    return next(from, signal)
        .orElseThrow(
            () -> new IllegalStateException("expected a legal move but " + from + "." + signal));
  }

  private static Map<RunStatus, Map<RunSignal, RunStatus>> index() {
    Map<RunStatus, Map<RunSignal, RunStatus>> next = new EnumMap<>(RunStatus.class);
    for (RunStatus from : RunStatus.values()) {
      next.put(from, new EnumMap<>(RunSignal.class));
    }
    TABLE.forEach(move -> next.get(move.from()).put(move.signal(), move.to()));
    return next;
  }
}
