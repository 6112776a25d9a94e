package dev.dome.retryscheduler.webhook.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.retryscheduler.webhook.Webhook;

/**
 * What is recorded of what was done to webhooks: who is told of what, and nothing that is secret.
 */
final class WebhookChanges {
  private static final String WEBHOOK = "webhook";

  private WebhookChanges() {}

  /** Of the URL scheme and host only: what is behind them may be what a receiver trusts. */
  static Change made(Webhook webhook) {
    ObjectNode value = Json.mapper().createObjectNode();
    value.put("url", webhook.url().getScheme() + "://" + webhook.url().getHost());
    if (!webhook.topics().isEmpty()) {
      ArrayNode topics = value.putArray("topics");
      webhook.topics().forEach(topics::add);
    }
    return new Change(WEBHOOK, webhook.webhookId(), value);
  }

  static Change removed(String webhookId) {
    return new Change(WEBHOOK, webhookId, null);
  }

  /** A delivery is due again, and its webhook active. */
  static Change redelivered(String webhookId, DeliveryView delivery) {
    ObjectNode value = Json.mapper().createObjectNode();
    value.put("webhook_id", webhookId).put("status", delivery.status().name());
    return new Change("delivery", delivery.deliveryId(), value);
  }
}
