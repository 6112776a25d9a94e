package dev.dome.provenance.application;

import dev.dome.journal.Rounds;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Takes over what the audit says that it purged, so that statements of it are signed and logged
 * here. The audit is asked now and then and pushes nothing: it purges once an hour, and neither
 * waits for the other.
 */
public final class PurgeLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PurgeLoop.class);

  /** How long a stopping process waits for a round under way, which is done anew. */
  private static final long LEAVE_MS = 2_000;

  private final PurgeSource source;
  private final PurgeStore store;
  private final Clock clock;
  private final PurgeObserver observer;
  private final long sweepMs;
  private final Rounds rounds;

  /**
   * Takes over tombstones.
   *
   * @param sweepMs between two rounds
   */
  public PurgeLoop(
      PurgeSource source, PurgeStore store, Clock clock, PurgeObserver observer, long sweepMs) {
    this.source = source;
    this.store = store;
    this.clock = clock;
    this.observer = observer;
    this.sweepMs = sweepMs;
    this.rounds = new Rounds("purged-records", LEAVE_MS, this::round);
  }

  public void start() {
    rounds.start();
  }

  private long round() {
    try {
      PurgeStore.Place last = store.last();
      List<PurgedRecords.Told> told = source.from(last.index());
      boolean goesOn = !told.isEmpty() && last.equals(PurgeStore.Place.of(told.getFirst()));
      if (!goesOn && !last.equals(PurgeStore.Place.BEGINNING)) {
        LOG.info("the audit was put back, its tombstones are read again");
        store.store(List.of(), PurgeStore.Place.BEGINNING, clock.millis());
        told = source.from(0);
      }
      takeOver(told, goesOn ? 1 : 0);
    } catch (RuntimeException e) {
      if (!rounds.closed()) {
        observer.unheard();
        LOG.warnf("tombstones not read cause=%s", e.getClass().getSimpleName());
        LOG.debug("tombstones not read", e);
      }
    }
    return sweepMs;
  }

  /** Page by page up to the end; the first of a page may be the last one of before. */
  private void takeOver(List<PurgedRecords.Told> first, int known) {
    List<PurgedRecords.Told> page = first;
    int skipped = known;
    while (page.size() > skipped && !rounds.closed()) {
      PurgedRecords.Told last = page.getLast();
      List<PurgedRecords> purged = holding(page.subList(skipped, page.size()));
      store.store(purged, PurgeStore.Place.of(last), clock.millis());
      page = source.from(last.index() + 1);
      skipped = 0;
    }
  }

  /** What does not hold to itself is not signed, and holds nothing up. */
  private List<PurgedRecords> holding(List<PurgedRecords.Told> told) {
    List<PurgedRecords> holding = new ArrayList<>();
    for (PurgedRecords.Told one : told) {
      one.holding()
          .ifPresentOrElse(
              holding::add,
              () -> {
                observer.refused();
                LOG.errorf("tombstone does not hold index=%d", one.index());
              });
    }
    return holding;
  }

  @Override
  public void close() {
    rounds.close();
  }
}
