package dev.dome.retryscheduler.webhook.adapter.db;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.CloudEvent;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.retryscheduler.webhook.Delivery;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** A row of {@code webhook_delivery}. */
@Entity(name = "WebhookDelivery")
@Table(name = "webhook_delivery")
class DeliveryEntity {
  private static final int ID_DIGITS = 32;

  @Id
  @Column(name = "delivery_id")
  String deliveryId;

  @Column(name = "webhook_id", nullable = false)
  String webhookId;

  @Column(name = "event_id", nullable = false)
  String eventId;

  @Column(nullable = false)
  String topic;

  @Column(name = "run_id", nullable = false)
  String runId;

  @Column(name = "run_sequence", nullable = false)
  long runSequence;

  @Column(nullable = false)
  String body;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  Delivery.Status status;

  @Column(nullable = false)
  int attempts;

  @Column(name = "due_at_ms")
  Long dueAtMs;

  @Enumerated(EnumType.STRING)
  @Column(name = "last_fault")
  Delivery.Fault lastFault;

  @Column(name = "last_http_status")
  Integer lastHttpStatus;

  @Column(name = "last_attempt_at_ms")
  Long lastAttemptAtMs;

  @Column(name = "created_at_ms", nullable = false)
  long createdAtMs;

  DeliveryEntity() {}

  /** The same event for the same webhook has the same id, so that it is there once. */
  static DeliveryEntity of(WebhookEntity webhook, PublishedRow row, long nowMs) {
    EventEnvelope event = row.envelope();
    DeliveryEntity entity = new DeliveryEntity();
    String both = webhook.webhookId + "/" + event.eventId();
    entity.deliveryId =
        "whd-"
            + CanonicalJson.sha256(both.getBytes(StandardCharsets.UTF_8)).substring(0, ID_DIGITS);
    entity.webhookId = webhook.webhookId;
    entity.eventId = event.eventId();
    entity.topic = event.topic();
    entity.runId = event.runId().value();
    entity.runSequence = event.sequence();
    entity.body =
        new String(Json.write(CloudEvent.of(row.namespace(), event)), StandardCharsets.UTF_8);
    entity.status = Delivery.Status.PENDING;
    entity.dueAtMs = nowMs;
    entity.createdAtMs = nowMs;
    return entity;
  }

  Delivery delivery() {
    return new Delivery(
        deliveryId,
        webhookId,
        eventId,
        topic,
        new RunId(runId),
        runSequence,
        status,
        attempts,
        dueAtMs == null ? OptionalLong.empty() : OptionalLong.of(dueAtMs),
        lastAttemptAtMs == null
            ? null
            : new Delivery.LastAttempt(lastFault, lastHttpStatus, lastAttemptAtMs),
        createdAtMs);
  }
}
