package dev.dome.retryscheduler.webhook.api;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.RunId;
import dev.dome.retryscheduler.webhook.Delivery;

/**
 * A delivery as clients see it.
 *
 * @param eventId the receiver's {@code webhook-id}
 * @param dueAt RFC 3339 UTC of the next attempt, absent when it has ended
 * @param lastFault absent before the first attempt has ended and when it was delivered
 * @param lastHttpStatus absent when there was no answer
 * @param lastAttemptAt RFC 3339 UTC
 * @param createdAt RFC 3339 UTC
 */
public record DeliveryView(
    String deliveryId,
    String eventId,
    String topic,
    RunId runId,
    long sequence,
    Delivery.Status status,
    int attempts,
    String dueAt,
    Delivery.Fault lastFault,
    Integer lastHttpStatus,
    String lastAttemptAt,
    String createdAt) {

  static DeliveryView of(Delivery delivery) {
    Delivery.LastAttempt last = delivery.last();
    return new DeliveryView(
        delivery.deliveryId(),
        delivery.eventId(),
        delivery.topic(),
        delivery.runId(),
        delivery.runSequence(),
        delivery.status(),
        delivery.attempts(),
        delivery.dueAtMs().isEmpty() ? null : Timestamps.format(delivery.dueAtMs().getAsLong()),
        last == null ? null : last.fault(),
        last == null ? null : last.httpStatus(),
        last == null ? null : Timestamps.format(last.atMs()),
        Timestamps.format(delivery.createdAtMs()));
  }
}
