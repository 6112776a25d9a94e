package dev.dome.retryscheduler.webhook;

import dev.dome.contracts.id.NamespaceId;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Webhooks and deliveries, durably. Every method is one transaction. */
public interface WebhookStore {

  /**
   * Stores a new webhook.
   *
   * @param sealedSecret never the secret itself
   * @param max how many a namespace may have
   * @return false, with nothing stored, when the namespace has as many already
   */
  Uni<Boolean> add(Webhook webhook, String sealedSecret, int max);

  /** A namespace's webhooks, the oldest first. */
  Uni<List<Webhook>> list(NamespaceId namespace);

  Uni<Optional<Webhook>> find(NamespaceId namespace, String webhookId);

  /** Removes a webhook and all its deliveries; false when there was none. */
  Uni<Boolean> remove(NamespaceId namespace, String webhookId);

  /** A webhook's deliveries, the latest first, then by id; {@code status} null for all. */
  Uni<List<Delivery>> deliveries(
      String webhookId, Delivery.Status status, Optional<After> after, int limit);

  /**
   * Makes a delivery that has ended pending again, with all its attempts, and its webhook active. A
   * pending one is left as it is. Empty when there is no such delivery.
   */
  Uni<Optional<Delivery>> redeliver(String webhookId, String deliveryId, long nowMs);

  /**
   * Takes deliveries that are due, the longest due first, and counts an attempt of each.
   *
   * @param untilMs epoch milliseconds at which one that was not settled may be taken again
   * @param limit of all together
   * @param perWebhook of each webhook, less what {@code underWay} has of it
   */
  Uni<List<Due>> take(
      long nowMs, long untilMs, int limit, int perWebhook, Map<String, Integer> underWay);

  /** Stores what follows from an attempt, unless somebody else has taken the delivery since. */
  Uni<Void> settle(Due due, Verdict verdict, long nowMs);

  /** When the next delivery of an active webhook is due. */
  Uni<OptionalLong> nextDueAtMs();

  /** How many deliveries are pending, and how many are dead. */
  Uni<Counts> counts();

  /** Removes deliveries that ended before; up to a thousand at a time. Gives how many. */
  Uni<Integer> forget(long beforeMs);

  /**
   * A delivery that was taken, and all that is needed to make it.
   *
   * @param attempt which one this is, from 1
   * @param body a structured CloudEvent
   */
  record Due(
      String deliveryId,
      Webhook webhook,
      String sealedSecret,
      String eventId,
      int attempt,
      String body) {}

  record Counts(long pending, long dead) {}

  /** Where a listing goes on. */
  record After(long createdAtMs, String deliveryId) {}
}
