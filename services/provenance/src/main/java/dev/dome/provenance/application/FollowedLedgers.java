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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Verifies the ledgers of open runs while their rows come, so that the ledger of a run that was
 * seen from its first row to its last need not be asked for. It holds what fits and lets the oldest
 * go; it is never the only way to a ledger.
 */
public final class FollowedLedgers implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(FollowedLedgers.class);
  private static final String LAST_TOPIC = "run.completed";

  /** What a row weighs besides its payload. */
  private static final long ROW_CHARS = 400;

  /** What a value weighs besides its text. */
  private static final long NODE_CHARS = 16;

  /** One run holds this part of the whole at most. */
  private static final int SHARE = 4;

  private final long maxChars;
  private final BlockingQueue<List<PublishedRow>> waiting = new LinkedBlockingQueue<>();
  private final AtomicLong waitingChars = new AtomicLong();

  /** Of this object's thread. */
  private final SequencedMap<RunUid, Followed> open = new LinkedHashMap<>();

  private final SequencedMap<RunUid, Followed> ended = new LinkedHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("followed-ledgers").unstarted(this::run);
  private long heldChars;
  private volatile Runnable whenEnded = () -> {};

  /** A ledger as far as it has come. */
  private static final class Followed {
    private final VerifiedLedger ledger = new VerifiedLedger();
    private long chars;
  }

  /**
   * Follows nothing before it is started.
   *
   * @param maxChars JSON characters, about, of what is held, and again of what waits; 0 for none
   */
  public FollowedLedgers(long maxChars) {
    this.maxChars = maxChars;
  }

  /**
   * Starts.
   *
   * @param whenEnded is told, on a thread of its own, after rows with which runs ended
   */
  public void start(Runnable whenEnded) {
    this.whenEnded = whenEnded;
    thread.start();
  }

  /**
   * Takes rows that are applied, those of one run in order. Returns at once; rows beyond the bound
   * are let go, and their runs with them.
   */
  public void follow(List<PublishedRow> rows) {
    long chars = rows.stream().mapToLong(FollowedLedgers::chars).sum();
    if (waitingChars.addAndGet(chars) <= maxChars) {
      waiting.add(rows);
    } else {
      waitingChars.addAndGet(-chars);
      tell(rows);
    }
  }

  private void tell(List<PublishedRow> rows) {
    if (rows.stream().anyMatch(FollowedLedgers::isLast)) {
      whenEnded.run();
    }
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

  private void run() {
    try {
      while (true) {
        List<PublishedRow> rows = waiting.take();
        for (PublishedRow row : rows) {
          add(row);
        }
        waitingChars.addAndGet(-rows.stream().mapToLong(FollowedLedgers::chars).sum());
        tell(rows);
      }
    } catch (InterruptedException e) {
      LOG.debug("followed ledgers interrupted");
    }
  }

  private void add(PublishedRow row) {
    if (row.envelope().sequence() == 1) {
      open.putIfAbsent(row.runUid(), new Followed());
    }
    Followed followed = open.get(row.runUid());
    if (followed == null) {
      return;
    }
    hold(followed, chars(row));
    // A row that is missing or comes twice shows here as one that is not what its inputs make it.
    boolean holds = followed.ledger.add(row);
    if (!holds || followed.chars > maxChars / SHARE) {
      open.remove(row.runUid());
      letGo(followed);
    } else if (isLast(row)) {
      open.remove(row.runUid());
      end(row.runUid(), followed);
    }
    makeRoom();
  }

  private synchronized void hold(Followed followed, long chars) {
    followed.chars += chars;
    heldChars += chars;
  }

  private synchronized void letGo(Followed followed) {
    heldChars -= followed.chars;
  }

  private synchronized void end(RunUid runUid, Followed followed) {
    Followed before = ended.put(runUid, followed);
    heldChars -= before == null ? 0 : before.chars;
  }

  /** The oldest open run is the likeliest to stay open. */
  private synchronized void makeRoom() {
    while (heldChars > maxChars) {
      SequencedMap<RunUid, Followed> from = open.isEmpty() ? ended : open;
      heldChars -= from.pollFirstEntry().getValue().chars;
    }
  }

  private static boolean isLast(PublishedRow row) {
    return row.kind() == PublishedRow.Kind.EVENT && row.envelope().topic().equals(LAST_TOPIC);
  }

  static long chars(PublishedRow row) {
    return ROW_CHARS + chars(row.envelope().payload());
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

  /** Follows no more; what ended and was not taken stays. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
