package dev.dome.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Recomputes a run from its INPUT rows and compares every row with what was stored, so that nobody
 * has to trust whoever stored it. Rows are given one by one and not kept: what is held is the run's
 * state and the rest of one step, however long the journal is.
 */
public final class Replay {
  private final Deque<JournalEntry> expected = new ArrayDeque<>();
  private JournalRow first;
  private JournalRow last;
  private RunState state;
  private RunState stateAfterStep;
  private long stepSequence;
  private Result.Difference difference;

  /** What a replay found. */
  public sealed interface Result {
    /**
     * Every row is what its inputs make it.
     *
     * @param stateDigest of the run after the last row
     * @param headHash of the last row
     * @param status of the run after the last row
     */
    record Match(String stateDigest, String headHash, long sequence, RunStatus status)
        implements Result {}

    /** The first row that is not, what differs, and both values. */
    record Difference(long sequence, String what, String expected, String actual)
        implements Result {}
  }

  /**
   * Verifies the rows of one run, from its first row on, in order.
   *
   * @param rows complete up to the end of a step; never empty
   */
  public static Result verify(List<JournalRow> rows) {
    Replay replay = new Replay();
    for (JournalRow row : rows) {
      if (!replay.add(row)) {
        break;
      }
    }
    return replay.result();
  }

  /**
   * Takes the next row of the run.
   *
   * @return whether everything matches so far; once it does not, further rows change nothing
   */
  public boolean add(JournalRow row) {
    if (difference == null) {
      difference = check(row).orElse(null);
      last = row;
    }
    return difference == null;
  }

  /**
   * What was found in the rows given.
   *
   * @throws IllegalStateException when there were none
   */
  public Result result() {
    if (last == null) {
      throw new IllegalStateException("expected the rows of a run but were none");
    }
    if (difference != null) {
      return difference;
    }
    long sequence = last.envelope().sequence();
    if (!expected.isEmpty()) {
      String topic = expected.getFirst().envelope().topic();
      return differs(sequence + 1, "row", topic, "none").orElseThrow();
    }
    return new Result.Match(state.digest(), last.hash(), sequence, state.status());
  }

  private Optional<Result.Difference> check(JournalRow row) {
    if (first == null) {
      first = row;
    }
    String envelopeText = JournalRow.textOf(row.envelope());
    Optional<Result.Difference> found = checkLink(last, row, envelopeText);
    if (found.isEmpty() && expected.isEmpty()) {
      found = begin(row);
    }
    if (found.isPresent()) {
      return found;
    }
    found = compare(row, envelopeText, expected.removeFirst());
    return found.isPresent() || !expected.isEmpty() ? found : end();
  }

  private static Optional<Result.Difference> checkLink(
      JournalRow before, JournalRow row, String envelopeText) {
    long expected = before == null ? 1 : before.envelope().sequence() + 1;
    if (row.envelope().sequence() != expected) {
      return differs(expected, "sequence", expected, row.envelope().sequence());
    }
    String prevHash = before == null ? JournalRow.GENESIS : before.hash();
    if (!row.prevHash().equals(prevHash)) {
      return differs(expected, "prev_hash", prevHash, row.prevHash());
    }
    if (!row.hashHolds(envelopeText)) {
      return differs(expected, "hash", "the hash of the row's content", row.hash());
    }
    if (before == null) {
      return Optional.empty();
    }
    if (!row.runUid().equals(before.runUid())) {
      return differs(expected, "run_uid", before.runUid(), row.runUid());
    }
    if (!row.namespace().equals(before.namespace()) || !row.lane().equals(before.lane())) {
      return differs(
          expected,
          "place",
          before.namespace() + " on lane " + before.lane(),
          row.namespace() + " on lane " + row.lane());
    }
    if (row.lanePosition() <= before.lanePosition()) {
      return differs(expected, "lane_position", "more than the row before", row.lanePosition());
    }
    return Optional.empty();
  }

  /** Steps an INPUT row; the rows that follow must be those it makes. */
  private Optional<Result.Difference> begin(JournalRow input) {
    stepSequence = input.envelope().sequence();
    if (input.kind() != JournalEntry.Kind.INPUT) {
      return differs(stepSequence, "kind", JournalEntry.Kind.INPUT, input.kind());
    }
    Step step;
    try {
      RecordedInput recorded = RecordedInput.read(input.envelope());
      step = Kernel.step(state, recorded.input(), recorded.context());
    } catch (RuntimeException e) {
      // Whatever a deliberation throws, nothing of such an input was ever stored.
      return differs(stepSequence, "input", "one that can be decided", e);
    }
    if (step.entries().isEmpty()) {
      return differs(stepSequence, "decision", step.decision().getClass().getSimpleName(), "a row");
    }
    expected.addAll(step.entries());
    stateAfterStep = step.state();
    return Optional.empty();
  }

  private static Optional<Result.Difference> compare(
      JournalRow row, String envelopeText, JournalEntry entry) {
    long sequence = row.envelope().sequence();
    if (row.kind() != entry.kind()) {
      return differs(sequence, "kind", entry.kind(), row.kind());
    }
    String derived = JournalRow.textOf(entry.envelope());
    return derived.equals(envelopeText)
        ? Optional.empty()
        : differs(sequence, "envelope", derived, envelopeText);
  }

  /** Every row of the step is there. */
  private Optional<Result.Difference> end() {
    state = stateAfterStep;
    return state.runUid().equals(first.runUid())
            && state.namespace().equals(first.namespace())
            && state.lane().equals(first.lane())
        ? Optional.empty()
        : differs(stepSequence, "run_uid", state.runUid(), first.runUid());
  }

  private static Optional<Result.Difference> differs(
      long sequence, String what, Object expected, Object actual) {
    return Optional.of(
        new Result.Difference(sequence, what, String.valueOf(expected), String.valueOf(actual)));
  }
}
