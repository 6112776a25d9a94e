package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Replay;

/**
 * The verification of one ledger whose rows come one after the other. No row is kept, so a ledger
 * of any length takes the memory of its run's state. For use by one thread at a time.
 */
public final class LedgerVerification {
  private final Replay replay = new Replay();
  private JournalRow first;
  private long rows;
  private Finding.Difference unreadable;

  /**
   * Takes the next row, as {@code GET /v1/namespaces/{ns}/runs/{id}/ledger} has it.
   *
   * @return whether everything matches so far; once it does not, further rows change nothing
   */
  public boolean add(JsonNode row) {
    return add(LedgerRow.of(row));
  }

  /** Takes the next row, read by its type. */
  public boolean add(PublishedRow row) {
    return add(LedgerRow.of(row));
  }

  boolean add(LedgerRow line) {
    if (unreadable != null) {
      return false;
    }
    return switch (line) {
      case LedgerRow.Row(JournalRow row) -> {
        first = first == null ? row : first;
        rows++;
        yield replayed(row);
      }
      case LedgerRow.NoRow none -> {
        unreadable = none.at(rows + 1);
        yield false;
      }
    };
  }

  private boolean replayed(JournalRow row) {
    try {
      return replay.add(row);
    } catch (IllegalArgumentException e) {
      unreadable = new LedgerRow.NoRow(e.getMessage()).at(rows);
      return false;
    }
  }

  /** What was found in the rows given. */
  public Finding finding() {
    if (unreadable != null) {
      return unreadable;
    }
    if (first == null) {
      return new Finding.Difference(1, "row", "none", "the run's submission");
    }
    return switch (replay.result()) {
      case Replay.Result.Match match ->
          new Finding.Match(
              first.runUid(),
              first.namespace(),
              first.envelope().runId(),
              match.sequence(),
              match.status().name(),
              match.status().isFinal(),
              match.headHash(),
              match.stateDigest());
      case Replay.Result.Difference difference -> pointed(difference);
    };
  }

  /** Narrows two envelopes down to the first place at which they differ. */
  private static Finding pointed(Replay.Result.Difference difference) {
    if (difference.what().equals("envelope")) {
      return FirstDifference.ofEnvelopes(difference.actual(), difference.expected())
          .at(difference.sequence());
    }
    return new Finding.Difference(
        difference.sequence(), difference.what(), difference.actual(), difference.expected());
  }
}
