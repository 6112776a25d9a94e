package dev.dome.retryscheduler.webhook.adapter.db;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.retryscheduler.webhook.Webhook;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.util.List;

/** A row of {@code webhook}. */
@Entity(name = "Webhook")
@Table(name = "webhook")
class WebhookEntity {
  @Id
  @Column(name = "webhook_id")
  String webhookId;

  @Column(nullable = false)
  String namespace;

  @Column(nullable = false)
  String url;

  @Column(nullable = false)
  String topics;

  @Column(name = "sealed_secret", nullable = false)
  String sealedSecret;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  Webhook.Status status;

  @Column(name = "created_by", nullable = false)
  String createdBy;

  @Column(name = "created_at_ms", nullable = false)
  long createdAtMs;

  WebhookEntity() {}

  static WebhookEntity of(Webhook webhook, String sealedSecret) {
    WebhookEntity entity = new WebhookEntity();
    entity.webhookId = webhook.webhookId();
    entity.namespace = webhook.namespace().value();
    entity.url = webhook.url().toString();
    entity.topics =
        webhook.topics().isEmpty() ? "" : " " + String.join(" ", webhook.topics()) + " ";
    entity.sealedSecret = sealedSecret;
    entity.status = webhook.status();
    entity.createdBy = webhook.createdBy();
    entity.createdAtMs = webhook.createdAtMs();
    return entity;
  }

  Webhook webhook() {
    return new Webhook(
        webhookId,
        new NamespaceId(namespace),
        URI.create(url),
        topics.isEmpty() ? List.of() : List.of(topics.strip().split(" ", -1)),
        status,
        createdBy,
        createdAtMs);
  }

  boolean wants(String topic) {
    return topics.isEmpty() || topics.contains(" " + topic + " ");
  }
}
