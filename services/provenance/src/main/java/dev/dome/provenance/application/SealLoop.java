package dev.dome.provenance.application;

import dev.dome.journal.Rounds;
import dev.dome.provenance.application.SealStore.Backlog;
import dev.dome.provenance.application.SealStore.Sealed;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.CheckpointSigner;
import dev.dome.transparency.EntryBundle;
import dev.dome.transparency.Envelope;
import dev.dome.transparency.Growth;
import dev.dome.transparency.LogCheck;
import dev.dome.transparency.LogStore;
import dev.dome.transparency.NoteKey;
import dev.dome.transparency.StatementSigner;
import dev.dome.transparency.TileId;
import dev.dome.transparency.TreeHead;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Signs what awaits its statements and logs it, many runs at once: one transaction, one growth of
 * the log and one checkpoint each round. The checkpoint is signed last, after the entries are
 * durable in the database and in the copy beside it. Whatever fails here holds up no run and no
 * manifest: it waits, and the lag says so.
 */
public final class SealLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SealLoop.class);

  /** Entries that are copied at once into the copy of the log. */
  private static final int COPIED_AT_ONCE = 4 * TileId.WIDTH;

  /** A log that does not hold is looked at again more rarely: looking reads its end. */
  private static final int PAUSES_OF_A_FAULT = 40;

  /**
   * After a round that sealed: it cost as much whether it sealed one run or many, and what comes
   * meanwhile shares the next.
   */
  private static final long REST_MS = 1_000;

  /**
   * How long a stopping process waits for a round under way; what it leaves undone is done anew.
   */
  private static final long LEAVE_MS = 2_000;

  /**
   * How it runs.
   *
   * @param origin the log's name
   * @param holder this process
   * @param sweepMs pause when nothing waits
   * @param batch runs and replays of one round at most
   * @param termMs how long this process stays the sequencer without a word
   */
  public record Settings(String origin, String holder, long sweepMs, int batch, long termMs) {}

  private final SealStore store;
  private final Optional<? extends LogStore> copy;
  private final StatementSigner signer;
  private final List<CheckpointSigner> logSigners;
  private final SealObserver observer;
  private final Clock clock;
  private final Settings settings;
  private final Rounds rounds;
  private volatile Optional<LogCheck.Fault> fault = Optional.empty();
  private boolean checked;
  private boolean settled;
  private long claimedUntilMs;

  /**
   * Seals with these keys.
   *
   * @param copy the log outside the database, which tells when an older database was put back
   * @param logSigners each signs every checkpoint, so that keys can overlap
   */
  public SealLoop(
      SealStore store,
      Optional<? extends LogStore> copy,
      StatementSigner signer,
      List<CheckpointSigner> logSigners,
      SealObserver observer,
      Clock clock,
      Settings settings) {
    this.store = store;
    this.copy = copy;
    this.signer = signer;
    this.logSigners = List.copyOf(logSigners);
    this.observer = observer;
    this.clock = clock;
    this.settings = settings;
    this.rounds = new Rounds("sealing", LEAVE_MS, this::round);
  }

  public void start() {
    rounds.start();
  }

  /** Why nothing is signed, if the log is not what was published of it. */
  public Optional<LogCheck.Fault> fault() {
    return fault;
  }

  /** What a round came to. */
  private enum Outcome {
    /** It took as much as it may; more may wait. */
    FULL,
    SEALED,
    NOTHING
  }

  /** Gives the pause. */
  private long round() {
    return switch (outcome()) {
      case FULL -> 0;
      case SEALED -> Math.max(REST_MS, settings.sweepMs());
      case NOTHING -> settings.sweepMs() * (fault.isPresent() ? PAUSES_OF_A_FAULT : 1);
    };
  }

  private Outcome outcome() {
    try {
      Backlog backlog = store.backlog();
      long nowMs = clock.millis();
      observer.backlog(
          backlog.count(), backlog.count() == 0 ? 0 : Math.max(0, nowMs - backlog.oldestMs()));
      boolean nothingToDo = settled && backlog.count() == 0;
      return !nothingToDo && isSequencer(nowMs) && isSound() ? sealed() : Outcome.NOTHING;
    } catch (LogStore.StaleHeadException e) {
      forgetLog();
      LOG.info("another process sealed first");
    } catch (RuntimeException e) {
      forgetLog();
      observer.failed();
      LOG.warnf("sealing failed cause=%s", e.getClass().getSimpleName());
      LOG.debug("sealing failed", e);
    }
    return Outcome.NOTHING;
  }

  /** What was known of the log is asked anew. */
  private void forgetLog() {
    checked = false;
    settled = false;
    claimedUntilMs = 0;
  }

  private boolean isSequencer(long nowMs) {
    if (claimedUntilMs - nowMs > settings.termMs() / 2) {
      return true;
    }
    boolean ours = store.claim(settings.holder(), nowMs, nowMs + settings.termMs());
    if (ours) {
      claimedUntilMs = nowMs + settings.termMs();
    } else {
      forgetLog();
    }
    return ours;
  }

  /** Checks the log once it became ours, and again as long as it does not hold. */
  private boolean isSound() {
    if (!checked) {
      Optional<LogCheck.Fault> found = examined();
      if (found.isPresent() && !found.equals(fault)) {
        LOG.errorf("log is not what was published reason_code=%s", found.get().kind().code());
      }
      fault = found;
      observer.halted(found.isPresent());
      checked = found.isEmpty();
    }
    return checked;
  }

  private Optional<LogCheck.Fault> examined() {
    TreeHead head = store.head();
    return LogCheck.quick(store, head)
        .or(() -> published(store).flatMap(seen -> LogCheck.goesOnFrom(store, head, seen)))
        .or(() ->
            copy.flatMap(this::published).flatMap(seen -> LogCheck.goesOnFrom(store, head, seen)))
        .or(() ->
            copy.map(LogStore::head)
                .filter(seen -> seen.size() > 0)
                .flatMap(seen -> LogCheck.goesOnFrom(store, head, seen)));
  }

  /** What was published; a checkpoint that no key of ours signed says nothing. */
  private Optional<TreeHead> published(LogStore log) {
    List<NoteKey> keys = logSigners.stream().map(CheckpointSigner::key).toList();
    return log.checkpoint().flatMap(note -> Checkpoint.verified(note, keys)).map(Checkpoint::head);
  }

  private Outcome sealed() {
    List<Unsealed> waiting = store.unsealed(settings.batch());
    TreeHead before = store.head();
    if (waiting.isEmpty()) {
      publish(before);
      settled = true;
      return Outcome.NOTHING;
    }
    List<Sealed> statements = new ArrayList<>();
    List<byte[]> entries = new ArrayList<>();
    for (Unsealed one : waiting) {
      for (Statements.Statement statement : Statements.of(one)) {
        Envelope envelope = signer.sign(statement.payload());
        statements.add(sealed(before.size() + entries.size(), statement, envelope));
        entries.add(envelope.entry(signer.key()));
      }
    }
    Growth growth = Growth.of(before, store, entries);
    store.seal(growth, statements, waiting.stream().map(Unsealed::seq).toList());
    publish(growth.after());
    long nowMs = clock.millis();
    waiting.forEach(one -> observer.waited(nowMs - one.sinceMs()));
    observer.sealed(statements.size(), growth.after().size());
    return waiting.size() == settings.batch() ? Outcome.FULL : Outcome.SEALED;
  }

  private Sealed sealed(long index, Statements.Statement statement, Envelope envelope) {
    return new Sealed(
        index,
        statement.kind(),
        statement.subject(),
        statement.namespace(),
        statement.runId(),
        envelope,
        clock.millis());
  }

  /** Signs the log as it stands, unless that was done: after a fall between growing and signing. */
  private void publish(TreeHead head) {
    Optional<Long> published =
        store.checkpoint().flatMap(Checkpoint::parse).map(seen -> seen.head().size());
    if (head.size() == 0 || published.filter(size -> size >= head.size()).isPresent()) {
      return;
    }
    copy.ifPresent(beside -> bringUp(beside, head));
    String signed = new Checkpoint(settings.origin(), head).signed(logSigners);
    copy.ifPresent(beside -> beside.publish(signed));
    store.publish(signed);
  }

  /** Copies the entries that the copy has not. */
  private void bringUp(LogStore beside, TreeHead head) {
    TreeHead reached = beside.head();
    while (reached.size() < head.size()) {
      long to = Math.min(head.size(), reached.size() + COPIED_AT_ONCE);
      Growth growth = Growth.of(reached, beside, entries(reached.size(), to));
      beside.grow(growth);
      reached = growth.after();
    }
    if (!reached.equals(head)) {
      throw new IllegalStateException("the copy of the log is another log");
    }
  }

  private List<byte[]> entries(long from, long to) {
    List<byte[]> entries = new ArrayList<>();
    for (long index = from / TileId.WIDTH; index * TileId.WIDTH < to; index++) {
      TileId bundle = new TileId(TileId.ENTRIES, index);
      List<byte[]> all =
          EntryBundle.entries(store.read(new TileId.Part(bundle, bundle.widthAt(to))));
      int skipped = (int) Math.max(0, from - index * TileId.WIDTH);
      entries.addAll(all.subList(skipped, all.size()));
    }
    return entries;
  }

  @Override
  public void close() {
    rounds.close();
  }
}
