package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.Finding;
import dev.dome.verification.VerifiedLedger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jboss.logging.Logger;

/**
 * Verifies the ledgers of open runs while their rows come, so that the ledger of a run that was
 * seen from its first row to its last need not be asked for. It holds what fits and lets the oldest
 * go; it is never the only way to a ledger.
 */
public final class FollowedLedgers {
  private static final Logger LOG = Logger.getLogger(FollowedLedgers.class);
  private static final String LAST_TOPIC = "run.completed";

  /** What a run weighs besides what came from outside. */
  private static final long RUN_CHARS = 2_000;

  /** What a value weighs besides its text. */
  private static final long NODE_CHARS = 16;

  /** One run holds this part of the whole at most. */
  private static final int SHARE = 4;

  private final long maxChars;
  private final SequencedMap<RunUid, Followed> open = new LinkedHashMap<>();
  private final SequencedMap<RunUid, Followed> ended = new LinkedHashMap<>();
  private long heldChars;

  /** A ledger as far as it has come. */
  private static final class Followed {
    private final VerifiedLedger ledger = new VerifiedLedger();
    private long chars = RUN_CHARS;
  }

  /**
   * Holds nothing yet.
   *
   * @param maxChars JSON characters, about, of the inputs of the runs that are held together; what
   *     is derived from them is held by reference to them, or is short. 0 for none
   */
  public FollowedLedgers(long maxChars) {
    this.maxChars = maxChars;
  }

  /** Takes rows, those of one run in order; by one thread after the other. */
  public void follow(List<PublishedRow> rows) {
    for (PublishedRow row : rows) {
      try {
        add(row);
      } catch (RuntimeException e) {
        // One row must not hold up its lane: the ledger is read when its run ends, and judged then.
        LOG.warnf(
            "ledger not followed run_uid=%s type=%s", row.runUid(), e.getClass().getSimpleName());
        forget(row.runUid());
      }
    }
  }

  private synchronized void forget(RunUid runUid) {
    letGo(open.remove(runUid));
  }

  /** The ledger of a run that ended as it was told, if it was seen from its first row on. */
  public Optional<VerifiedLedger> take(CompletedRun run) {
    return remove(run.runUid())
        .filter(ledger ->
            ledger.finding() instanceof Finding.Match match
                && match.headHash().equals(run.headHash()));
  }

  private synchronized Optional<VerifiedLedger> remove(RunUid runUid) {
    Followed followed = ended.remove(runUid);
    if (followed == null) {
      return Optional.empty();
    }
    heldChars -= followed.chars;
    return Optional.of(followed.ledger);
  }

  private void add(PublishedRow row) {
    Followed followed = followed(row);
    if (followed != null) {
      // A row that is missing or comes twice shows here as one that its inputs do not make.
      boolean holds = followed.ledger.add(row);
      added(row, followed, holds);
    }
  }

  private synchronized Followed followed(PublishedRow row) {
    if (row.envelope().sequence() == 1) {
      letGo(open.put(row.runUid(), new Followed()));
      heldChars += RUN_CHARS;
    }
    return open.get(row.runUid());
  }

  private synchronized void added(PublishedRow row, Followed followed, boolean holds) {
    long chars = row.kind() == PublishedRow.Kind.INPUT ? chars(row.envelope().payload()) : 0;
    followed.chars += chars;
    heldChars += chars;
    if (!holds || followed.chars > maxChars / SHARE) {
      letGo(open.remove(row.runUid()));
    } else if (row.kind() == PublishedRow.Kind.EVENT && row.envelope().topic().equals(LAST_TOPIC)) {
      letGo(ended.put(row.runUid(), open.remove(row.runUid())));
    }
    while (heldChars > maxChars) {
      // The run that has been open for longest is the likeliest to stay open.
      letGo((open.isEmpty() ? ended : open).pollFirstEntry().getValue());
    }
  }

  private void letGo(Followed followed) {
    heldChars -= followed == null ? 0 : followed.chars;
  }

  private static long chars(JsonNode node) {
    long chars = NODE_CHARS;
    if (node.isTextual()) {
      chars += node.textValue().length();
    }
    for (JsonNode child : node) {
      chars += chars(child);
    }
    return chars;
  }
}
