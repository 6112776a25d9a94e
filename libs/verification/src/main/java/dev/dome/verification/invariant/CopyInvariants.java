package dev.dome.verification.invariant;

import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A copy of a run's journal that somebody else keeps, held against the journal row by row. */
public final class CopyInvariants {
  private CopyInvariants() {}

  /**
   * What came of a check.
   *
   * @param missing rows at the journal's end that the copy does not have yet
   */
  public record Result(List<Violation> violations, long missing) {}

  /**
   * Everything wrong with a copy. A row that is missing before one that is there is a hole; what is
   * missing at the end may still come.
   *
   * @param holder who keeps the copy, such as {@code the audit}
   */
  public static Result check(ObservedRun run, String holder, List<PublishedRow> copy) {
    Map<Long, PublishedRow> copied = new HashMap<>();
    List<Violation> violations = new ArrayList<>();
    long last = 0;
    for (PublishedRow row : copy) {
      long sequence = row.envelope().sequence();
      last = Math.max(last, sequence);
      if (copied.put(sequence, row) != null) {
        violations.add(found(run, Invariant.PUBLISHED_OR_PENDING, holder, sequence, "is twice"));
      }
    }
    long missing = 0;
    for (PublishedRow row : run.rows()) {
      long sequence = row.envelope().sequence();
      PublishedRow other = copied.get(sequence);
      if (other == null && sequence < last) {
        violations.add(found(run, Invariant.UNBROKEN_CHAINS, holder, sequence, "is missing"));
      } else if (other == null) {
        missing++;
      } else if (!other.equals(row)) {
        violations.add(found(run, Invariant.PUBLISHED_OR_PENDING, holder, sequence, "differs"));
      }
    }
    return new Result(violations, missing);
  }

  /** Says of a copy that was waited for that it still does not reach the journal's end. */
  public static Violation incomplete(ObservedRun run, String holder, long missing) {
    return new Violation(
        Invariant.UNBROKEN_CHAINS,
        run.subject(),
        holder + " has not got the last " + missing + " rows");
  }

  private static Violation found(
      ObservedRun run, Invariant invariant, String holder, long sequence, String how) {
    return new Violation(
        invariant, run.subject(), "row " + sequence + " of the copy of " + holder + " " + how);
  }
}
