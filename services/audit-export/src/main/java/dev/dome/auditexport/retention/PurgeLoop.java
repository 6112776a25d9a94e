package dev.dome.auditexport.retention;

import dev.dome.journal.Rounds;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Purges what has expired, one partition a transaction, and looks again after a while. Without a
 * class that has days there is nothing to do. Several replicas may do this: the database lets one
 * purge at a time.
 */
public final class PurgeLoop implements AutoCloseable {
  /** Nobody has this subject: those of dome's own parts are refused in tokens. */
  public static final String ACTOR = "system:audit-export";

  private static final Logger LOG = Logger.getLogger(PurgeLoop.class);
  private static final int SETTLED_AT_ONCE = 5_000;

  /** A round waits for as long as counting takes, and must not take a guess for work. */
  private static final long ALL = Long.MAX_VALUE;

  private final PurgeStore store;
  private final PurgeObserver observer;
  private final Clock clock;
  private final Settings settings;
  private final Rounds rounds;

  /**
   * How it runs.
   *
   * @param everyMs between two rounds
   * @param retryMs after a round that failed
   * @param purgeMs one purge at most
   * @param purges whether expired records are purged at all, or only looked at
   */
  public record Settings(long everyMs, long retryMs, long purgeMs, boolean purges) {}

  public PurgeLoop(
      PurgeStore store, PurgeObserver observer, Clock clock, PurgeLoop.Settings settings) {
    this.store = store;
    this.observer = observer;
    this.clock = clock;
    this.settings = settings;
    this.rounds = new Rounds("audit-purges", Duration.ofSeconds(5).toMillis(), this::round);
  }

  public void start() {
    rounds.start();
  }

  /** Something may have expired, or a hold may have been released. */
  public void wake() {
    rounds.wake();
  }

  private long round() {
    try {
      while (!rounds.closed() && await(store.settle(SETTLED_AT_ONCE)) > 0) {
        LOG.debug("records of a release before are put in their places");
      }
      if (settings.purges()) {
        purge();
      }
      look();
      return settings.everyMs();
    } catch (RuntimeException e) {
      if (!rounds.closed()) {
        observer.failed();
        LOG.warnf(
            "purge round failed type=%s cause=%s", e.getClass().getSimpleName(), e.getMessage());
      }
      return settings.retryMs();
    }
  }

  private void purge() {
    for (Expiring part : await(store.expiring(ALL))) {
      if (!part.hasWork() || rounds.closed()) {
        continue;
      }
      Purge.Result result =
          await(
              store.purge(
                  new Purge.Order(
                      part.retentionClass(),
                      part.month(),
                      ACTOR,
                      "retention class " + part.retentionClass() + " of " + part.days() + " days",
                      "expired")));
      LOG.infof(
          "purge outcome=%s class=%s month=%s runs=%d records=%d kept=%d",
          result.outcome(),
          part.retentionClass(),
          part.month(),
          result.runs(),
          result.records(),
          result.keptRecords());
      observer.purged(result);
    }
  }

  private void look() {
    List<Expiring> parts = await(store.expiring(ALL));
    long nowMs = clock.millis();
    long overdueMs =
        parts.stream()
            .filter(Expiring::hasWork)
            .mapToLong(part -> nowMs - part.expiresAtMs())
            .max()
            .orElse(0);
    observer.seen(await(store.holds()), overdueMs);
  }

  private <T> T await(Uni<T> work) {
    return work.await().atMost(Duration.ofMillis(settings.purgeMs()));
  }

  @Override
  public void close() {
    rounds.close();
  }
}
