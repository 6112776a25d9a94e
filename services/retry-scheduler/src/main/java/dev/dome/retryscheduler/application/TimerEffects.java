package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.journal.JournalEffects;
import dev.dome.messaging.JournalBatch;
import dev.dome.retryscheduler.application.TimerStore.Applied;
import dev.dome.retryscheduler.webhook.DeliveryLoop;
import dev.dome.retryscheduler.webhook.WebhookEvents;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/**
 * What the journal does here: it sets timers and takes them back, gives up tasks and tries them
 * again, its results open and close breakers, and its events are what webhooks are told of.
 */
@ApplicationScoped
public class TimerEffects implements JournalEffects {
  private final TimerStore store;
  private final FiringLoop loop;
  private final BreakerLoop breakers;
  private final DeliveryLoop webhooks;

  @Inject
  public TimerEffects(
      TimerStore store, FiringLoop loop, BreakerLoop breakers, DeliveryLoop webhooks) {
    this.store = store;
    this.loop = loop;
    this.breakers = breakers;
    this.webhooks = webhooks;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return store.position(lane);
  }

  @Override
  public Uni<Boolean> apply(List<JournalBatch> batches) {
    List<PublishedRow> rows = JournalBatch.rows(batches);
    JournalChanges changes =
        new JournalChanges(
            TimerChanges.of(rows),
            DeadLetterChanges.of(rows),
            BreakerFacts.of(rows),
            WebhookEvents.of(rows));
    return store
        .apply(batches, changes)
        .invoke(applied -> tell(applied, changes))
        .map(applied -> applied != Applied.NOT_MOVED);
  }

  private void tell(Applied applied, JournalChanges changes) {
    if (applied == Applied.NOT_MOVED) {
      return;
    }
    changes.timers().firstDueAtMs().ifPresent(loop::expect);
    if (changes.breakers().mayChangeBreakers()) {
      breakers.wake();
    }
    if (applied == Applied.STORED_WITH_DELIVERIES) {
      webhooks.wake();
    }
  }
}
