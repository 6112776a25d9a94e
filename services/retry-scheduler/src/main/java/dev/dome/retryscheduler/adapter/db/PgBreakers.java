package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.kernel.Breaker;
import dev.dome.kernel.BreakerPhase;
import dev.dome.retryscheduler.application.BreakerChange;
import dev.dome.retryscheduler.application.BreakerOrder;
import dev.dome.retryscheduler.application.BreakerStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link BreakerStore} on PostgreSQL. */
@ApplicationScoped
public class PgBreakers implements BreakerStore {
  private final Transactions transactions;
  private final BreakerWrites writes;
  private final Clock clock;

  @Inject
  PgBreakers(Transactions transactions, BreakerWrites writes, Clock clock) {
    this.transactions = transactions;
    this.writes = writes;
    this.clock = clock;
  }

  @Override
  public Uni<BreakerOrder.Outcome> steer(BreakerOrder order) {
    return transactions.bounded((session, context) ->
        isNew(session, order)
            .flatMap(isNew -> isNew ? carryOut(session, order) : repeated(session, order)));
  }

  private Uni<BreakerOrder.Outcome> carryOut(Mutiny.Session session, BreakerOrder order) {
    return writes.steer(session, order, clock.millis()).map(BreakerOrder.Done::new);
  }

  /** Takes the order's key, unless it was taken; a repeat under way elsewhere is waited for. */
  private Uni<Boolean> isNew(Mutiny.Session session, BreakerOrder order) {
    if (order.idempotencyKey().isEmpty()) {
      return Uni.createFrom().item(true);
    }
    return session
        .createNativeQuery(
            """
            insert into breaker_order (namespace, principal, operation, key, body_sha256, created_at_ms)
            values (:namespace, :principal, :operation, :key, :digest, :now)
            on conflict do nothing
            """)
        .setParameter("namespace", order.namespace().value())
        .setParameter("principal", order.actor())
        .setParameter("operation", order.operation())
        .setParameter("key", order.idempotencyKey().orElseThrow())
        .setParameter("digest", order.digest())
        .setParameter("now", clock.millis())
        .executeUpdate()
        .map(rows -> rows == 1);
  }

  private Uni<BreakerOrder.Outcome> repeated(Mutiny.Session session, BreakerOrder order) {
    return session
        .createNativeQuery(
            """
            select body_sha256 from breaker_order where namespace = :namespace
              and principal = :principal and operation = :operation and key = :key
            """,
            String.class)
        .setParameter("namespace", order.namespace().value())
        .setParameter("principal", order.actor())
        .setParameter("operation", order.operation())
        .setParameter("key", order.idempotencyKey().orElseThrow())
        .getSingleResult()
        .flatMap(digest ->
            digest.equals(order.digest())
                ? session
                    .find(BreakerEntity.class, BreakerEntity.id(order.namespace(), order.key()))
                    .map(row -> new BreakerOrder.Done(row.breaker()))
                : Uni.createFrom().item(new BreakerOrder.KeyConflict()));
  }

  @Override
  public Uni<Integer> halfOpen(long nowMs, int limit) {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery(
                """
                from Breaker where phase = :open and untilMs <= :now order by breakerId
                """,
                BreakerEntity.class)
            .setParameter("open", BreakerPhase.OPEN)
            .setParameter("now", nowMs)
            .setMaxResults(limit)
            .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
            .getResultList()
            .flatMap(due -> halfOpen(session, due, nowMs)));
  }

  private Uni<Integer> halfOpen(Mutiny.Session session, List<BreakerEntity> due, long nowMs) {
    Object[] changes =
        due.stream()
            .map(row -> {
              Breaker next = row.breaker().due(nowMs);
              row.become(next);
              return BreakerChangeEntity.of(writes.change(row.owner(), next));
            })
            .toArray();
    return changes.length == 0
        ? Uni.createFrom().item(0)
        : session.persistAll(changes).replaceWith(changes.length);
  }

  @Override
  public Uni<OptionalLong> nextDueAtMs() {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery(
                "select min(untilMs) from Breaker where phase = :open", Long.class)
            .setParameter("open", BreakerPhase.OPEN)
            .getSingleResultOrNull()
            .map(due -> due == null ? OptionalLong.empty() : OptionalLong.of(due)));
  }

  @Override
  public Uni<List<BreakerChange>> unpublished(int limit) {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery(
                "from BreakerChange where publishedAtMs is null order by breakerId, version",
                BreakerChangeEntity.class)
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(BreakerChangeEntity::change).toList()));
  }

  @Override
  public Uni<Void> published(List<BreakerChange> changes, long nowMs) {
    return transactions.in((session, context) ->
        session
            .createMutationQuery(
                "update BreakerChange set publishedAtMs = :now where changeId in (:ids)")
            .setParameter("now", nowMs)
            .setParameter("ids", changes.stream().map(BreakerChangeEntity::id).toList())
            .executeUpdate()
            .replaceWithVoid());
  }

  @Override
  public Uni<List<BreakerChange>> toldOnce(long beforeMs, int limit) {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery(
                """
                select c from BreakerChange c join Breaker b
                  on b.breakerId = c.breakerId and b.version = c.version
                where b.toldAgainVersion < b.version and c.publishedAtMs <= :before
                order by c.breakerId
                """,
                BreakerChangeEntity.class)
            .setParameter("before", beforeMs)
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(BreakerChangeEntity::change).toList()));
  }

  @Override
  public Uni<Void> toldAgain(List<BreakerChange> changes) {
    return transactions.in((session, context) ->
        session
            .createNativeQuery(
                """
                update breaker set told_again_version = c.version from breaker_change c
                where c.change_id = any(:ids) and c.breaker_id = breaker.breaker_id
                """)
            .setParameter(
                "ids", changes.stream().map(BreakerChangeEntity::id).toArray(String[]::new))
            .executeUpdate()
            .replaceWithVoid());
  }

  @Override
  public Uni<Long> notClosed() {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery("select count(*) from Breaker where phase <> :closed", Long.class)
            .setParameter("closed", BreakerPhase.CLOSED)
            .getSingleResult());
  }

  @Override
  public Uni<List<Breaker>> list(NamespaceId namespace, Optional<BreakerKey> after, int limit) {
    return transactions.bounded((session, context) ->
        session
            .createSelectionQuery(
                "from Breaker where namespace = :namespace and breakerKey > :after order by breakerKey",
                BreakerEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("after", after.map(BreakerKey::value).orElse(""))
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(BreakerEntity::breaker).toList()));
  }

  @Override
  public Uni<Optional<Breaker>> find(NamespaceId namespace, BreakerKey key) {
    return transactions.bounded((session, context) ->
        session
            .find(BreakerEntity.class, BreakerEntity.id(namespace, key))
            .map(row -> Optional.ofNullable(row).map(BreakerEntity::breaker)));
  }

  @Override
  public Uni<List<BreakerChange>> changes(NamespaceId namespace, BreakerKey key, int limit) {
    return transactions.bounded((session, context) ->
        session
            .createSelectionQuery(
                "from BreakerChange where breakerId = :id order by version desc",
                BreakerChangeEntity.class)
            .setParameter("id", BreakerEntity.id(namespace, key))
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(BreakerChangeEntity::change).toList()));
  }
}
