package dev.dome.retryscheduler.webhook;

import dev.dome.contracts.id.NamespaceId;
import java.net.URI;
import java.util.List;

/**
 * Somebody who is told of a namespace's events.
 *
 * @param topics which events; all of them when empty
 * @param createdBy the subject who made it
 * @param createdAtMs epoch milliseconds
 */
public record Webhook(
    String webhookId,
    NamespaceId namespace,
    URI url,
    List<String> topics,
    Status status,
    String createdBy,
    long createdAtMs) {
  public Webhook {
    topics = List.copyOf(topics);
  }

  /** Whether it is told anything now. */
  public enum Status {
    ACTIVE,
    /** The receiver said that it is gone. A redelivery makes it active again. */
    DISABLED
  }

  /** What its secret is sealed for. */
  public String purpose() {
    return "webhook " + namespace + "/" + webhookId;
  }
}
