package dev.dome.kernel;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.util.List;
import java.util.Optional;

/**
 * Recomputes a run from its INPUT rows and compares every row with what was stored, so that nobody
 * has to trust whoever stored it.
 */
public final class Replay {
  private final List<JournalRow> rows;
  private RunState state;

  private Replay(List<JournalRow> rows) {
    this.rows = rows;
  }

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
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("expected the rows of a run but were none");
    }
    return new Replay(rows).run();
  }

  private Result run() {
    Optional<Result.Difference> difference = checkChain().or(this::checkSteps);
    if (difference.isPresent()) {
      return difference.get();
    }
    JournalRow head = rows.getLast();
    return new Result.Match(
        state.digest(), head.hash(), head.envelope().sequence(), state.status());
  }

  private Optional<Result.Difference> checkChain() {
    JournalRow before = null;
    for (JournalRow row : rows) {
      Optional<Result.Difference> difference = checkLink(before, row);
      if (difference.isPresent()) {
        return difference;
      }
      before = row;
    }
    return Optional.empty();
  }

  private static Optional<Result.Difference> checkLink(JournalRow before, JournalRow row) {
    long expected = before == null ? 1 : before.envelope().sequence() + 1;
    if (row.envelope().sequence() != expected) {
      return differs(expected, "sequence", expected, row.envelope().sequence());
    }
    String prevHash = before == null ? JournalRow.GENESIS : before.hash();
    if (!row.prevHash().equals(prevHash)) {
      return differs(expected, "prev_hash", prevHash, row.prevHash());
    }
    if (!row.hashHolds()) {
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

  private Optional<Result.Difference> checkSteps() {
    int at = 0;
    while (at < rows.size()) {
      Optional<Result.Difference> difference = checkStep(at);
      if (difference.isPresent()) {
        return difference;
      }
      at = (int) state.sequence();
    }
    return Optional.empty();
  }

  /** Steps the INPUT row at an index and compares the rows it makes with those stored. */
  private Optional<Result.Difference> checkStep(int at) {
    JournalRow input = rows.get(at);
    long sequence = at + 1L;
    if (input.kind() != JournalEntry.Kind.INPUT) {
      return differs(sequence, "kind", JournalEntry.Kind.INPUT, input.kind());
    }
    Step step;
    try {
      RecordedInput recorded = RecordedInput.read(input.envelope());
      step = Kernel.step(state, recorded.input(), recorded.context());
    } catch (RuntimeException e) {
      // Whatever a deliberation throws, nothing of such an input was ever stored.
      return differs(sequence, "input", "one that can be decided", e);
    }
    if (step.entries().isEmpty()) {
      return differs(sequence, "decision", step.decision().getClass().getSimpleName(), "a row");
    }
    for (int i = 0; i < step.entries().size(); i++) {
      Optional<Result.Difference> difference = checkRow(at + i, step.entries().get(i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    state = step.state();
    JournalRow first = rows.getFirst();
    return state.runUid().equals(first.runUid())
            && state.namespace().equals(first.namespace())
            && state.lane().equals(first.lane())
        ? Optional.empty()
        : differs(sequence, "run_uid", state.runUid(), first.runUid());
  }

  private Optional<Result.Difference> checkRow(int at, JournalEntry entry) {
    long sequence = at + 1L;
    if (at >= rows.size()) {
      return differs(sequence, "row", entry.envelope().topic(), "none");
    }
    JournalRow row = rows.get(at);
    if (row.kind() != entry.kind()) {
      return differs(sequence, "kind", entry.kind(), row.kind());
    }
    String expected = CanonicalJson.text(Json.tree(entry.envelope()));
    String actual = CanonicalJson.text(Json.tree(row.envelope()));
    return expected.equals(actual)
        ? Optional.empty()
        : differs(sequence, "envelope", expected, actual);
  }

  private static Optional<Result.Difference> differs(
      long sequence, String what, Object expected, Object actual) {
    return Optional.of(
        new Result.Difference(sequence, what, String.valueOf(expected), String.valueOf(actual)));
  }
}
