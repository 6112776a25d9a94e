package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.journal.JournalEffects;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/**
 * What the journal does here: it sets timers and takes them back, gives up tasks and tries them
 * again, and its results open and close breakers.
 */
@ApplicationScoped
public class TimerEffects implements JournalEffects {
  private final TimerStore store;
  private final FiringLoop loop;
  private final BreakerLoop breakers;

  @Inject
  TimerEffects(TimerStore store, FiringLoop loop, BreakerLoop breakers) {
    this.store = store;
    this.loop = loop;
    this.breakers = breakers;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return store.position(lane);
  }

  @Override
  public Uni<Boolean> apply(Lane lane, long after, List<PublishedRow> rows) {
    JournalChanges changes =
        new JournalChanges(
            TimerChanges.of(rows), DeadLetterChanges.of(rows), BreakerFacts.of(rows));
    return store
        .apply(lane, after, rows.getLast().lanePosition(), changes)
        .invoke(moved -> {
          if (moved) {
            changes.timers().firstDueAtMs().ifPresent(loop::expect);
            if (changes.breakers().mayChangeBreakers()) {
              breakers.wake();
            }
          }
        });
  }

  /** A retry may be due within the time that other rows wait; every other timer is far away. */
  @Override
  public boolean urgent(PublishedRow row) {
    return row.envelope().topic().equals("task.retry.scheduled");
  }
}
