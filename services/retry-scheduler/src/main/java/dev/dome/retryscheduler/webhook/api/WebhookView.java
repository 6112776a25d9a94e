package dev.dome.retryscheduler.webhook.api;

import dev.dome.contracts.Timestamps;
import dev.dome.retryscheduler.webhook.SigningSecret;
import dev.dome.retryscheduler.webhook.Webhook;
import java.util.List;

/**
 * A webhook as clients see it.
 *
 * @param topics absent when it is told of every event
 * @param createdAt RFC 3339 UTC
 * @param secret what its messages are signed with; only in the answer that made it
 */
public record WebhookView(
    String webhookId,
    String url,
    List<String> topics,
    Webhook.Status status,
    String createdBy,
    String createdAt,
    String secret) {

  static WebhookView of(Webhook webhook) {
    return of(webhook, null);
  }

  static WebhookView made(Webhook webhook, SigningSecret secret) {
    return of(webhook, secret.written());
  }

  private static WebhookView of(Webhook webhook, String secret) {
    return new WebhookView(
        webhook.webhookId(),
        webhook.url().toString(),
        webhook.topics().isEmpty() ? null : webhook.topics(),
        webhook.status(),
        webhook.createdBy(),
        Timestamps.format(webhook.createdAtMs()),
        secret);
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "WebhookView[" + webhookId + "]";
  }
}
