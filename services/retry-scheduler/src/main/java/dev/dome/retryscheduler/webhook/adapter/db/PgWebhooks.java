package dev.dome.retryscheduler.webhook.adapter.db;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.retryscheduler.webhook.Delivery;
import dev.dome.retryscheduler.webhook.Delivery.Fault;
import dev.dome.retryscheduler.webhook.Verdict;
import dev.dome.retryscheduler.webhook.Webhook;
import dev.dome.retryscheduler.webhook.WebhookStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link WebhookStore} on PostgreSQL. */
@ApplicationScoped
public class PgWebhooks implements WebhookStore {
  /** Of every active webhook the longest due, as many as it may still have under way. */
  private static final String TAKE =
      """
      with due as (
        select d.delivery_id
        from webhook w
        left join unnest(cast(:busy as text[]), cast(:counts as integer[])) as u(webhook_id, n)
          on u.webhook_id = w.webhook_id
        cross join lateral (
          select delivery_id, due_at_ms from webhook_delivery
          where webhook_id = w.webhook_id and status = 'PENDING' and due_at_ms <= :now
          order by due_at_ms, delivery_id
          limit greatest(0, cast(:each as integer) - coalesce(u.n, 0))
          for update skip locked) d
        where w.status = 'ACTIVE'
        order by d.due_at_ms, d.delivery_id
        limit cast(:most as integer))
      update webhook_delivery t set attempts = attempts + 1, due_at_ms = :until
      from due where t.delivery_id = due.delivery_id
      returning t.*
      """;

  /** One that was taken again meanwhile has another number of attempts. */
  private static final String SETTLE =
      """
      update WebhookDelivery set status = :status, dueAtMs = :due, lastFault = :fault,
        lastHttpStatus = :http, lastAttemptAtMs = :now
      where deliveryId = :id and attempts = :attempt and status = PENDING
      """;

  private static final String NEXT_DUE =
      """
      select min(d.due_at_ms) from webhook w
      cross join lateral (
        select due_at_ms from webhook_delivery
        where webhook_id = w.webhook_id and status = 'PENDING' order by due_at_ms limit 1) d
      where w.status = 'ACTIVE'
      """;

  private static final String FORGET =
      """
      delete from webhook_delivery where delivery_id in (
        select delivery_id from webhook_delivery
        where status <> 'PENDING' and last_attempt_at_ms < :before
        order by last_attempt_at_ms limit 1000)
      """;

  private final Transactions transactions;

  @Inject
  PgWebhooks(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Uni<Boolean> add(Webhook webhook, String sealedSecret, int max) {
    return transactions.bounded((session, context) ->
        // Two that are made at once are counted one after the other.
        session
            .createNativeQuery("select cast(pg_advisory_xact_lock(hashtext(:namespace)) as text)")
            .setParameter("namespace", "webhook " + webhook.namespace())
            .getResultList()
            .flatMap(locked ->
                session
                    .createSelectionQuery(
                        "select count(*) from Webhook where namespace = :namespace", Long.class)
                    .setParameter("namespace", webhook.namespace().value())
                    .getSingleResult())
            .flatMap(count ->
                count >= max
                    ? Uni.createFrom().item(false)
                    : session.persist(WebhookEntity.of(webhook, sealedSecret)).replaceWith(true)));
  }

  @Override
  public Uni<List<Webhook>> list(NamespaceId namespace) {
    return transactions.bounded((session, context) ->
        session
            .createSelectionQuery(
                "from Webhook where namespace = :namespace order by createdAtMs, webhookId",
                WebhookEntity.class)
            .setParameter("namespace", namespace.value())
            .getResultList()
            .map(rows -> rows.stream().map(WebhookEntity::webhook).toList()));
  }

  @Override
  public Uni<Optional<Webhook>> find(NamespaceId namespace, String webhookId) {
    return transactions.bounded((session, context) ->
        session
            .find(WebhookEntity.class, webhookId)
            .map(row ->
                Optional.ofNullable(row)
                    .filter(found -> found.namespace.equals(namespace.value()))
                    .map(WebhookEntity::webhook)));
  }

  @Override
  public Uni<Boolean> remove(NamespaceId namespace, String webhookId) {
    return transactions.bounded((session, context) ->
        session
            .createMutationQuery(
                "delete from Webhook where namespace = :namespace and webhookId = :id")
            .setParameter("namespace", namespace.value())
            .setParameter("id", webhookId)
            .executeUpdate()
            .map(rows -> rows == 1));
  }

  @Override
  public Uni<List<Delivery>> deliveries(
      String webhookId, Delivery.Status status, Optional<After> after, int limit) {
    After behind = after.orElse(new After(Long.MAX_VALUE, ""));
    String ofStatus = status == null ? "" : " and status = :status";
    return transactions.bounded((session, context) -> {
      Mutiny.SelectionQuery<DeliveryEntity> query =
          session
              .createSelectionQuery(
                  "from WebhookDelivery where webhookId = :webhook"
                      + ofStatus
                      + " and (createdAtMs < :at or (createdAtMs = :at and deliveryId > :id))"
                      + " order by createdAtMs desc, deliveryId",
                  DeliveryEntity.class)
              .setParameter("webhook", webhookId)
              .setParameter("at", behind.createdAtMs())
              .setParameter("id", behind.deliveryId())
              .setMaxResults(limit);
      if (status != null) {
        query.setParameter("status", status);
      }
      return query
          .getResultList()
          .map(rows -> rows.stream().map(DeliveryEntity::delivery).toList());
    });
  }

  @Override
  public Uni<Optional<Delivery>> redeliver(String webhookId, String deliveryId, long nowMs) {
    return transactions.bounded((session, context) ->
        session
            .find(DeliveryEntity.class, deliveryId)
            .flatMap(row ->
                row == null || !row.webhookId.equals(webhookId)
                    ? Uni.createFrom().item(Optional.empty())
                    : revive(session, row, nowMs)));
  }

  private static Uni<Optional<Delivery>> revive(
      Mutiny.Session session, DeliveryEntity row, long nowMs) {
    if (row.status != Delivery.Status.PENDING) {
      row.status = Delivery.Status.PENDING;
      row.attempts = 0;
      row.dueAtMs = nowMs;
    }
    return session
        .createMutationQuery(
            "update Webhook set status = ACTIVE where webhookId = :id and status = DISABLED")
        .setParameter("id", row.webhookId)
        .executeUpdate()
        .map(done -> Optional.of(row.delivery()));
  }

  @Override
  public Uni<List<Due>> take(
      long nowMs, long untilMs, int limit, int perWebhook, Map<String, Integer> underWay) {
    List<Map.Entry<String, Integer>> busy = List.copyOf(underWay.entrySet());
    return transactions.in((session, context) ->
        session
            .createNativeQuery(TAKE, DeliveryEntity.class)
            .setParameter("busy", busy.stream().map(Map.Entry::getKey).toArray(String[]::new))
            .setParameter("counts", busy.stream().map(Map.Entry::getValue).toArray(Integer[]::new))
            .setParameter("now", nowMs)
            .setParameter("until", untilMs)
            .setParameter("each", perWebhook)
            .setParameter("most", limit)
            .getResultList()
            .flatMap(taken -> withWebhooks(session, taken)));
  }

  private static Uni<List<Due>> withWebhooks(Mutiny.Session session, List<DeliveryEntity> taken) {
    if (taken.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return session
        .createSelectionQuery("from Webhook where webhookId in (:ids)", WebhookEntity.class)
        .setParameter("ids", taken.stream().map(row -> row.webhookId).distinct().toList())
        .getResultList()
        .map(rows -> {
          Map<String, WebhookEntity> byId =
              rows.stream().collect(Collectors.toMap(row -> row.webhookId, Function.identity()));
          return taken.stream().map(row -> due(row, byId.get(row.webhookId))).toList();
        });
  }

  private static Due due(DeliveryEntity row, WebhookEntity webhook) {
    return new Due(
        row.deliveryId,
        webhook.webhook(),
        webhook.sealedSecret,
        row.eventId,
        row.attempts,
        row.body);
  }

  @Override
  public Uni<Void> settle(Due due, Verdict verdict, long nowMs) {
    return transactions.in((session, context) ->
        switch (verdict) {
          case Verdict.Delivered(Integer http) ->
              settle(session, due, Delivery.Status.DELIVERED, null, null, http, nowMs);
          case Verdict.Again(Fault fault, Integer http, long dueAtMs) ->
              settle(session, due, Delivery.Status.PENDING, dueAtMs, fault, http, nowMs);
          case Verdict.Dead(Fault fault, Integer http) ->
              settle(session, due, Delivery.Status.DEAD, null, fault, http, nowMs);
          case Verdict.Gone(Integer http) ->
              settle(session, due, Delivery.Status.DEAD, null, Fault.GONE, http, nowMs)
                  .flatMap(done -> disable(session, due.webhook().webhookId(), nowMs));
        });
  }

  private static Uni<Void> settle(
      Mutiny.Session session,
      Due due,
      Delivery.Status status,
      Long dueAtMs,
      Fault fault,
      Integer httpStatus,
      long nowMs) {
    return session
        .createMutationQuery(SETTLE)
        .setParameter("status", status)
        .setParameter("due", dueAtMs)
        .setParameter("fault", fault)
        .setParameter("http", httpStatus)
        .setParameter("now", nowMs)
        .setParameter("id", due.deliveryId())
        .setParameter("attempt", due.attempt())
        .executeUpdate()
        .replaceWithVoid();
  }

  private static Uni<Void> disable(Mutiny.Session session, String webhookId, long nowMs) {
    return session
        .createMutationQuery("update Webhook set status = DISABLED where webhookId = :id")
        .setParameter("id", webhookId)
        .executeUpdate()
        .flatMap(done ->
            session
                .createMutationQuery(
                    """
                    update WebhookDelivery
                    set status = DEAD, dueAtMs = null, lastFault = GONE, lastAttemptAtMs = :now
                    where webhookId = :id and status = PENDING
                    """)
                .setParameter("now", nowMs)
                .setParameter("id", webhookId)
                .executeUpdate())
        .replaceWithVoid();
  }

  @Override
  public Uni<OptionalLong> nextDueAtMs() {
    return transactions.in((session, context) ->
        session
            .createNativeQuery(NEXT_DUE, Long.class)
            .getSingleResultOrNull()
            .map(due -> due == null ? OptionalLong.empty() : OptionalLong.of(due)));
  }

  @Override
  public Uni<Counts> counts() {
    return transactions.in((session, context) ->
        count(session, "PENDING")
            .flatMap(pending -> count(session, "DEAD").map(dead -> new Counts(pending, dead))));
  }

  private static Uni<Long> count(Mutiny.Session session, String status) {
    return session
        .createSelectionQuery(
            "select count(*) from WebhookDelivery where status = " + status, Long.class)
        .getSingleResult();
  }

  @Override
  public Uni<Integer> forget(long beforeMs) {
    return transactions.in((session, context) ->
        session.createNativeQuery(FORGET).setParameter("before", beforeMs).executeUpdate());
  }
}
