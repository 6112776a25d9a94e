package dev.dome.retryscheduler.webhook;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.PublishedRow;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The events among some journal rows, which webhooks may want to be told of.
 *
 * @param events in order
 */
public record WebhookEvents(List<PublishedRow> events) {
  public WebhookEvents {
    events = List.copyOf(events);
  }

  /** Reads rows in order; inputs are no events. */
  public static WebhookEvents of(List<PublishedRow> rows) {
    return new WebhookEvents(
        rows.stream().filter(row -> row.kind() == PublishedRow.Kind.EVENT).toList());
  }

  /** Whose events they are. */
  public Set<NamespaceId> namespaces() {
    return events.stream().map(PublishedRow::namespace).collect(Collectors.toUnmodifiableSet());
  }
}
