package dev.dome.verification.invariant;

import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Copies of the journal that are kept by lane, held against the journal: the rows of a stream, and
 * how far each service that reads them has come. Keeps some hundred rows of each lane at a time.
 * Not safe for use by several threads.
 */
public final class LaneCopies {
  private final BiFunction<Integer, Long, List<PublishedRow>> journal;
  private final Map<Integer, Deque<PublishedRow>> ahead = new HashMap<>();
  private final Map<Integer, Long> last = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private long rows;

  /**
   * Of one journal.
   *
   * @param journal some rows of a lane behind a position, in order; none at its end
   */
  public LaneCopies(BiFunction<Integer, Long, List<PublishedRow>> journal) {
    this.journal = journal;
  }

  /**
   * Takes in the next row of a stream. It may come twice, as when the stream was made anew; it must
   * be the journal's each time, and leave none out.
   */
  public void row(PublishedRow row) {
    rows++;
    int lane = row.lane().number();
    long position = row.lanePosition();
    Deque<PublishedRow> expected = ahead.computeIfAbsent(lane, l -> new ArrayDeque<>());
    while (!expected.isEmpty() && expected.peekFirst().lanePosition() < position) {
      expected.removeFirst();
    }
    if (expected.isEmpty() || expected.peekFirst().lanePosition() > position) {
      expected.clear();
      expected.addAll(journal.apply(lane, position - 1));
    }
    if (!row.equals(expected.peekFirst())) {
      found(lane, "position " + position + " of the stream is not the journal's row");
    }
    long before = last.getOrDefault(lane, position - 1);
    if (position > before + 1) {
      found(lane, "the stream goes on at " + position + " after position " + before);
    }
    last.put(lane, Math.max(before, position));
  }

  /** A row too large for the stream was left out, and its place kept: the lane may go on behind. */
  public void leftOut(int lane) {
    last.remove(lane);
  }

  /** How many rows were taken in. */
  public long rows() {
    return rows;
  }

  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  private void found(int lane, String detail) {
    violations.add(new Violation(Invariant.PUBLISHED_OR_PENDING, "lane " + lane, detail));
  }

  /**
   * Services that claim to have rows that the journal does not.
   *
   * @param cursors the lane position each service has stored the effect of, by service and lane
   * @param lanes read after the cursors
   */
  public static List<Violation> aheadOf(
      Map<String, Map<Integer, Long>> cursors, List<LaneInvariants.Shown> lanes) {
    List<Violation> found = new ArrayList<>();
    cursors.forEach((service, positions) -> {
      for (LaneInvariants.Shown lane : lanes) {
        long position = positions.getOrDefault(lane.lane(), 0L);
        if (position > lane.position()) {
          found.add(
              new Violation(
                  Invariant.PUBLISHED_OR_PENDING,
                  "lane " + lane.lane(),
                  service + " stands at " + position + " of " + lane.position()));
        }
      }
    });
    return found;
  }

  /** How many rows, over all services and lanes, are still to be read. */
  public static long pending(
      Map<String, Map<Integer, Long>> cursors, List<LaneInvariants.Shown> lanes) {
    long pending = 0;
    for (Map<Integer, Long> positions : cursors.values()) {
      for (LaneInvariants.Shown lane : lanes) {
        pending += Math.max(0, lane.position() - positions.getOrDefault(lane.lane(), 0L));
      }
    }
    return pending;
  }
}
