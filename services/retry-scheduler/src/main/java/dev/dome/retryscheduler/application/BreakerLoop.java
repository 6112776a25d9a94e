package dev.dome.retryscheduler.application;

import dev.dome.journal.Rounds;
import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Half-opens breakers whose time is over and tells every lane of every change, on one virtual
 * thread; any may get a run of the namespace next. A change that was not acknowledged stays
 * unpublished and is told anew: the lanes know repeats by their version. The newest change of a
 * breaker is told once more a while later, because what DOME_INBOX held when it was lost has
 * reached nobody.
 */
public final class BreakerLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(BreakerLoop.class);

  /**
   * How it runs.
   *
   * @param sweepMs longest sleep; bounds how late a change of another process is noticed
   * @param batch breakers or changes of one transaction at most
   * @param roundMs one transaction or the publishing of one batch
   * @param againAfterMs between a change's two tellings
   */
  public record Settings(long sweepMs, int batch, long roundMs, long againAfterMs) {}

  private final BreakerStore store;
  private final BreakerPublisher publisher;
  private final BreakerObserver observer;
  private final Clock clock;
  private final Settings settings;
  private final Rounds rounds;

  public BreakerLoop(
      BreakerStore store,
      BreakerPublisher publisher,
      BreakerObserver observer,
      Clock clock,
      Settings settings) {
    this.store = store;
    this.publisher = publisher;
    this.observer = observer;
    this.clock = clock;
    this.settings = settings;
    this.rounds = new Rounds("breaker-changes", settings.roundMs(), this::round);
  }

  public void start() {
    rounds.start();
  }

  /** A change may have been stored. */
  public void wake() {
    rounds.wake();
  }

  /** Whether the loop's thread runs. */
  public boolean running() {
    return rounds.running();
  }

  private long sleepMs(long dueAtMs) {
    return Math.clamp(dueAtMs - clock.millis(), 1, settings.sweepMs());
  }

  /** Gives the time until the next breaker is due, or until a sweep. */
  private long round() {
    try {
      boolean more = true;
      while (more && !rounds.closed()) {
        int halfOpened = await(store.halfOpen(clock.millis(), settings.batch()));
        boolean moreNews = tellNews();
        boolean moreAgain = tellAgain();
        more = moreNews || moreAgain || halfOpened == settings.batch();
      }
      observer.notClosed(await(store.notClosed()));
      return sleepMs(await(store.nextDueAtMs()).orElse(Long.MAX_VALUE));
    } catch (RuntimeException e) {
      if (!rounds.closed()) {
        observer.failed();
        LOG.warnf(
            "breaker round failed type=%s cause=%s", e.getClass().getSimpleName(), e.getMessage());
      }
      return settings.sweepMs();
    }
  }

  /** Whether there may be more of it. */
  private boolean tellNews() {
    List<BreakerChange> told = tell(await(store.unpublished(settings.batch())), 1);
    if (!told.isEmpty()) {
      await(store.published(told, clock.millis()));
      told.forEach(observer::changed);
    }
    return told.size() == settings.batch();
  }

  private boolean tellAgain() {
    long beforeMs = clock.millis() - settings.againAfterMs();
    List<BreakerChange> told = tell(await(store.toldOnce(beforeMs, settings.batch())), 2);
    if (!told.isEmpty()) {
      await(store.toldAgain(told));
    }
    return told.size() == settings.batch();
  }

  private <T> T await(Uni<T> work) {
    return work.await().atMost(Duration.ofMillis(settings.roundMs()));
  }

  /** All of them, or none when they could not be published. */
  private List<BreakerChange> tell(List<BreakerChange> changes, int telling) {
    if (changes.isEmpty()) {
      return changes;
    }
    return switch (await(publisher.publish(changes, telling))) {
      case Publication.Stored stored -> changes;
      case Publication.Failed failed -> {
        LOG.warnf(
            "breaker changes not published changes=%d cause=%s detail=%s",
            changes.size(), failed.cause(), failed.detail());
        observer.failed();
        yield List.of();
      }
    };
  }

  /** Stops; what a round under way leaves undone stays unpublished. */
  @Override
  public void close() {
    rounds.close();
  }
}
