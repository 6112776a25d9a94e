package dev.dome.retryscheduler.webhook.adapter.db;

import dev.dome.contracts.wire.PublishedRow;
import dev.dome.retryscheduler.webhook.WebhookEvents;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** Who is to be told of journal rows, stored in the transaction of a lane's cursor. */
@ApplicationScoped
public class WebhookWrites {
  /** The lock keeps a webhook from being removed between the look at it and its deliveries. */
  private static final String ACTIVE =
      """
      select * from webhook
      where namespace = any(:namespaces) and status = 'ACTIVE'
      order by webhook_id for key share
      """;

  private final Clock clock;

  @Inject
  WebhookWrites(Clock clock) {
    this.clock = clock;
  }

  /** Stores one delivery for each event and webhook that wants it; completes with their number. */
  public Uni<Integer> store(Mutiny.Session session, WebhookEvents events) {
    if (events.events().isEmpty()) {
      return Uni.createFrom().item(0);
    }
    return session
        .createNativeQuery(ACTIVE, WebhookEntity.class)
        .setParameter(
            "namespaces",
            events.namespaces().stream().map(name -> name.value()).toArray(String[]::new))
        .getResultList()
        .map(webhooks -> deliveries(webhooks, events.events()))
        .flatMap(made -> session.persistAll(made.toArray()).replaceWith(made.size()));
  }

  private List<DeliveryEntity> deliveries(List<WebhookEntity> webhooks, List<PublishedRow> events) {
    long nowMs = clock.millis();
    return webhooks.stream()
        .flatMap(webhook ->
            events.stream()
                .filter(row -> row.namespace().value().equals(webhook.namespace))
                .filter(row -> webhook.wants(row.envelope().topic()))
                .map(row -> DeliveryEntity.of(webhook, row, nowMs)))
        .toList();
  }
}
