package dev.dome.verification.invariant;

import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.Tombstone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    return check(run, holder, copy, List.of());
  }

  /**
   * As above, of a holder that purges: a row that is not there is accounted for by a tombstone that
   * has its hash.
   */
  public static Result check(
      ObservedRun run, String holder, List<PublishedRow> copy, List<Tombstone> tombstones) {
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
      Optional<String> purged = purged(tombstones, row);
      if (other == null && purged.isPresent()) {
        if (!purged.get().equals(row.hash())) {
          violations.add(
              found(run, Invariant.UNBROKEN_CHAINS, holder, sequence, "is not what was purged"));
        }
      } else if (other == null && sequence < last) {
        violations.add(found(run, Invariant.UNBROKEN_CHAINS, holder, sequence, "is missing"));
      } else if (other == null) {
        missing++;
      } else if (!other.equals(row)) {
        violations.add(found(run, Invariant.PUBLISHED_OR_PENDING, holder, sequence, "differs"));
      }
    }
    return new Result(violations, missing);
  }

  /** The hash by which a tombstone of the run accounts for a row. */
  private static Optional<String> purged(List<Tombstone> tombstones, PublishedRow row) {
    return tombstones.stream()
        .filter(tombstone -> tombstone.runUid().equals(row.runUid().value()))
        .flatMap(tombstone -> tombstone.hashOf(row.envelope().sequence()).stream())
        .findFirst();
  }

  /** Says of a copy that was waited for that it still does not reach the journal's end. */
  public static Violation incomplete(ObservedRun run, String holder, long missing) {
    return new Violation(
        Invariant.UNBROKEN_CHAINS,
        run.subject(),
        holder + " has not got the last " + missing + " rows");
  }

  /** Says of a run whose tombstone cannot be believed. */
  public static Violation badTombstone(ObservedRun run, String finding) {
    return new Violation(
        Invariant.UNBROKEN_CHAINS, run.subject(), "a tombstone does not hold: " + finding);
  }

  private static Violation found(
      ObservedRun run, Invariant invariant, String holder, long sequence, String how) {
    return new Violation(
        invariant, run.subject(), "row " + sequence + " of the copy of " + holder + " " + how);
  }
}
