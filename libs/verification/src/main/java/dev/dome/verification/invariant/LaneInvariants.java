package dev.dome.verification.invariant;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What must hold of one lane: who wrote it, and how far it is published. */
public final class LaneInvariants {
  private LaneInvariants() {}

  /**
   * Rows that one epoch wrote, one behind the other.
   *
   * @param firstPosition of the rows, from 1
   */
  public record Span(long epoch, long firstPosition, long lastPosition) {}

  /**
   * A lane as its controller shows it, read after the spans.
   *
   * @param position of its last row
   * @param publishedPosition up to which DOME_JOURNAL has it
   */
  public record Shown(int lane, long epoch, long position, long publishedPosition) {}

  /** The invariants that {@link #check} looks at, whatever it finds. */
  public static Set<Invariant> covered() {
    return EnumSet.of(Invariant.EPOCHS_NEVER_DECREASE, Invariant.PUBLISHED_OR_PENDING);
  }

  /**
   * Everything wrong with a lane.
   *
   * @param spans from position 1 on, in lane order
   */
  public static List<Violation> check(Shown lane, List<Span> spans) {
    List<Violation> violations = new ArrayList<>();
    long epoch = 0;
    long position = 0;
    for (Span span : spans) {
      if (span.firstPosition() != position + 1) {
        violations.add(
            found(
                Invariant.PUBLISHED_OR_PENDING,
                lane,
                "expected position " + (position + 1) + " but was " + span.firstPosition()));
      }
      if (span.epoch() < epoch) {
        violations.add(
            found(
                Invariant.EPOCHS_NEVER_DECREASE,
                lane,
                "epoch "
                    + span.epoch()
                    + " wrote position "
                    + span.firstPosition()
                    + " after epoch "
                    + epoch));
      }
      epoch = Math.max(epoch, span.epoch());
      position = span.lastPosition();
    }
    if (epoch > lane.epoch()) {
      violations.add(
          found(
              Invariant.EPOCHS_NEVER_DECREASE,
              lane,
              "rows of epoch " + epoch + ", but the lane is at epoch " + lane.epoch()));
    }
    if (lane.publishedPosition() > lane.position()) {
      violations.add(
          found(
              Invariant.PUBLISHED_OR_PENDING,
              lane,
              "published up to " + lane.publishedPosition() + " of " + lane.position()));
    }
    return violations;
  }

  private static Violation found(Invariant invariant, Shown lane, String detail) {
    return new Violation(invariant, "lane " + lane.lane(), detail);
  }
}
