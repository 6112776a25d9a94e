package dev.dome.provenance.application;

import dev.dome.journal.Rounds;
import dev.dome.provenance.application.ProvenanceStore.Awaiting;
import dev.dome.provenance.application.ProvenanceStore.Settled;
import dev.dome.verification.Finding;
import dev.dome.verification.VerifiedLedger;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Makes the manifest of every run that awaits one: replays its ledger, as it was followed or read
 * anew, and stores manifest and replay in one transaction. Nothing must be remembered in between,
 * so that a process that dies anywhere leaves a run that still awaits its manifest, and the bytes
 * follow from the ledger alone, so that whoever makes them makes the same.
 */
public final class ManifestLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ManifestLoop.class);
  private static final long LONGEST_PAUSE_MS = Duration.ofMinutes(5).toMillis();
  private static final int DOUBLINGS = 8;

  /** Runs of one transaction at most; their manifests are in memory together. */
  private static final int SETTLED_AT_ONCE = 16;

  /**
   * How it runs.
   *
   * @param sweepMs longest time between two looks at the store
   * @param batch runs of one round at most
   * @param atOnce runs whose ledgers are read at the same time
   * @param storeMs one answer of the store at most
   * @param ledgerMs reading and replaying one ledger at most
   * @param retryMs first pause after a failure; it doubles up to five minutes
   */
  public record Settings(
      long sweepMs, int batch, int atOnce, long storeMs, long ledgerMs, long retryMs) {}

  private final ProvenanceStore store;
  private final FollowedLedgers followed;
  private final Ledgers ledgers;
  private final ProvenanceObserver observer;
  private final Clock clock;
  private final Settings settings;
  private final Rounds rounds;
  private volatile long lastProgressMs;
  private long lastCountMs;

  public ManifestLoop(
      ProvenanceStore store,
      FollowedLedgers followed,
      Ledgers ledgers,
      ProvenanceObserver observer,
      Clock clock,
      Settings settings) {
    this.store = store;
    this.followed = followed;
    this.ledgers = ledgers;
    this.observer = observer;
    this.clock = clock;
    this.settings = settings;
    this.lastProgressMs = clock.millis();
    this.rounds = new Rounds("manifests", settings.storeMs(), this::round);
  }

  public void start() {
    rounds.start();
  }

  /** A run awaits its manifest. */
  public void wake() {
    rounds.wake();
  }

  /** Epoch milliseconds at which the store last answered or a row was last read. */
  public long lastProgressMs() {
    return lastProgressMs;
  }

  /** Whether the loop's thread runs. */
  public boolean running() {
    return rounds.running();
  }

  private long round() {
    try {
      List<Awaiting> due;
      do {
        due = store.due(clock.millis(), settings.batch()).await().atMost(patience());
        lastProgressMs = clock.millis();
        Multi.createFrom()
            .iterable(due)
            .onItem()
            .transformToUni(this::judge)
            .merge(settings.atOnce())
            .group()
            .intoLists()
            .of(SETTLED_AT_ONCE)
            .onItem()
            .transformToUniAndConcatenate(this::settle)
            .onItem()
            .ignoreAsUni()
            .await()
            .indefinitely();
      } while (due.size() == settings.batch() && !rounds.closed());
      count();
    } catch (RuntimeException e) {
      // The store is away; the runs are still there at the next round.
      observer.failed();
      LOG.warnf("manifest round failed cause=%s", e.getClass().getSimpleName());
    }
    return settings.sweepMs();
  }

  /** Not at every round: a busy service has many in a second. */
  private void count() {
    if (clock.millis() - lastCountMs >= settings.sweepMs()) {
      lastCountMs = clock.millis();
      observer.awaiting(store.awaiting().await().atMost(patience()));
    }
  }

  private Duration patience() {
    return Duration.ofMillis(settings.storeMs());
  }

  /** Within the time for one ledger, whatever hangs. */
  private Uni<Judged> judge(Awaiting awaiting) {
    return ledger(awaiting.run())
        .ifNoItem()
        .after(Duration.ofMillis(settings.ledgerMs()))
        .fail()
        .map(ledger -> judged(awaiting, ledger))
        .onFailure()
        .recoverWithItem(failure -> new Judged.Unread(awaiting, failure));
  }

  /** Sound runs share a transaction. */
  private Uni<Void> settle(List<Judged> judged) {
    List<Judged.Sound> sound = new ArrayList<>();
    List<Uni<Void>> settled = new ArrayList<>();
    for (Judged one : judged) {
      switch (one) {
        case Judged.Sound run -> sound.add(run);
        case Judged.Differing(Awaiting awaiting, Replay replay) ->
            settled.add(orLater(awaiting, store.dispute(awaiting, replay, nextAtMs(awaiting))));
        case Judged.Unread(Awaiting awaiting, Throwable cause) ->
            settled.add(bounded(postponed(awaiting, cause)));
      }
    }
    if (!sound.isEmpty()) {
      settled.add(stored(sound));
    }
    return Uni.join().all(settled).andFailFast().replaceWithVoid();
  }

  /**
   * When they fail together each is tried alone, so that what the store refuses holds up no other.
   */
  private Uni<Void> stored(List<Judged.Sound> runs) {
    return bounded(store.settle(runs.stream().map(Judged.Sound::settled).toList()))
        .invoke(() ->
            runs.forEach(
                run -> observer.manifested(clock.millis() - run.settled().run().completedAtMs())))
        .onFailure()
        .recoverWithUni(failure ->
            runs.size() == 1
                ? bounded(postponed(runs.getFirst().awaiting(), failure))
                : oneByOne(runs));
  }

  private Uni<Void> oneByOne(List<Judged.Sound> runs) {
    return Multi.createFrom()
        .iterable(runs)
        .onItem()
        .transformToUniAndConcatenate(run -> stored(List.of(run)))
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> orLater(Awaiting awaiting, Uni<Void> stored) {
    return bounded(stored)
        .onFailure()
        .recoverWithUni(failure -> bounded(postponed(awaiting, failure)));
  }

  private <T> Uni<T> bounded(Uni<T> answer) {
    return answer.ifNoItem().after(patience()).fail();
  }

  private Uni<VerifiedLedger> ledger(CompletedRun run) {
    return followed
        .take(run)
        .map(ledger -> Uni.createFrom().item(ledger))
        .orElseGet(() -> read(run));
  }

  private Uni<VerifiedLedger> read(CompletedRun run) {
    VerifiedLedger ledger = new VerifiedLedger();
    return ledgers
        .read(
            run.namespace(),
            run.runId(),
            row -> {
              lastProgressMs = clock.millis();
              return ledger.add(row);
            })
        .replaceWith(ledger);
  }

  private Judged judged(Awaiting awaiting, VerifiedLedger ledger) {
    CompletedRun run = awaiting.run();
    Finding finding = ofTheRun(run, ledger.finding());
    observer.replayed(finding instanceof Finding.Match);
    return switch (finding) {
      case Finding.Match match ->
          new Judged.Sound(
              awaiting,
              new Settled(run, ledger.manifest(match), Replays.newId(), clock.millis(), match));
      case Finding.Difference difference -> {
        LOG.errorf(
            "replay differs run_uid=%s sequence=%d what=%s",
            run.runUid(), difference.sequence(), difference.what());
        yield new Judged.Differing(
            awaiting,
            Replays.made(
                run.namespace(), run.runId(), Replay.BY_ITSELF, clock.millis(), difference));
      }
    };
  }

  /** A ledger may be sound and still not be the one whose end was seen when the run completed. */
  private static Finding ofTheRun(CompletedRun run, Finding finding) {
    return switch (finding) {
      case Finding.Match match when !match.headHash().equals(run.headHash()) ->
          new Finding.Difference(run.sequence(), "hash", match.headHash(), run.headHash());
      case Finding.Match match -> match;
      case Finding.Difference difference -> difference;
    };
  }

  private Uni<Void> postponed(Awaiting awaiting, Throwable failure) {
    observer.failed();
    LOG.warnf(
        "manifest postponed run_uid=%s attempts=%d cause=%s",
        awaiting.run().runUid(), awaiting.attempts() + 1, failure.getClass().getSimpleName());
    return store.postpone(awaiting, nextAtMs(awaiting));
  }

  private long nextAtMs(Awaiting awaiting) {
    long pauseMs = settings.retryMs() << Math.min(awaiting.attempts(), DOUBLINGS);
    return clock.millis() + Math.min(pauseMs, LONGEST_PAUSE_MS);
  }

  /** What reading a run's ledger came to. */
  private sealed interface Judged {
    record Sound(Awaiting awaiting, Settled settled) implements Judged {}

    record Differing(Awaiting awaiting, Replay replay) implements Judged {}

    record Unread(Awaiting awaiting, Throwable cause) implements Judged {}
  }

  @Override
  public void close() {
    rounds.close();
  }
}
