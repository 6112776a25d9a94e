package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.journal.adapter.db.LaneCursors;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.messaging.JournalBatch;
import dev.dome.retryscheduler.application.JournalChanges;
import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerChanges;
import dev.dome.retryscheduler.application.TimerList;
import dev.dome.retryscheduler.application.TimerStore;
import dev.dome.retryscheduler.config.SchedulerConfig;
import dev.dome.retryscheduler.webhook.adapter.db.WebhookWrites;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link TimerStore} and {@link TimerList} on PostgreSQL. */
@ApplicationScoped
public class PgTimerStore implements TimerStore, TimerList {
  private static final String DUE =
      "from Timer where firedAtMs is null and dueAtMs <= :now order by dueAtMs, timerId";
  private static final String UNHEARD =
      "from Timer where againAtMs <= :now order by againAtMs, timerId";

  /** The owner of a retry's lane minds it, and its row stays until the run completes. */
  private static final String MARK =
      """
      update timer set fired_at_ms = coalesce(fired_at_ms, :now), firings = firings + 1,
        again_at_ms = case when kind <> 'RETRY'
          then :now + (cast(:again as bigint) << 2 * least(firings, 8)) end
      where timer_id = any(:fired)
      """;

  private final Transactions transactions;
  private final LaneCursors cursors;
  private final BreakerWrites breakers;
  private final WebhookWrites webhooks;
  private final Clock clock;
  private final long againAfterMs;

  @Inject
  PgTimerStore(
      Transactions transactions,
      LaneCursors cursors,
      BreakerWrites breakers,
      WebhookWrites webhooks,
      Clock clock,
      SchedulerConfig config) {
    this.transactions = transactions;
    this.cursors = cursors;
    this.breakers = breakers;
    this.webhooks = webhooks;
    this.clock = clock;
    this.againAfterMs = config.firing().again().toMillis();
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return cursors.position(lane);
  }

  @Override
  public Uni<Applied> apply(List<JournalBatch> batches, JournalChanges changes) {
    AtomicInteger deliveries = new AtomicInteger();
    return cursors
        .move(
            batches,
            session ->
                store(session, changes.timers())
                    .flatMap(done -> PgDeadLetters.store(session, changes.deadLetters()))
                    .flatMap(done -> breakers.store(session, changes.breakers()))
                    .flatMap(done -> webhooks.store(session, changes.webhookEvents()))
                    .invoke(deliveries::set))
        .map(moved -> {
          if (!moved) {
            return Applied.NOT_MOVED;
          }
          return deliveries.get() > 0 ? Applied.STORED_WITH_DELIVERIES : Applied.STORED;
        });
  }

  private static Uni<Void> store(Mutiny.Session session, TimerChanges changes) {
    List<String> runs = changes.completedRuns().stream().map(RunUid::value).toList();
    List<String> attempts = changes.endedAttempts().stream().map(AttemptId::value).toList();
    return delete(session, "delete from Timer where runUid in (:gone)", runs)
        .flatMap(done -> delete(session, "delete from Timer where attemptId in (:gone)", attempts))
        .flatMap(done -> session.persistAll(changes.set().stream().map(TimerEntity::of).toArray()));
  }

  private static Uni<Void> delete(Mutiny.Session session, String hql, List<String> gone) {
    return gone.isEmpty()
        ? Uni.createFrom().voidItem()
        : session
            .createMutationQuery(hql)
            .setParameter("gone", gone)
            .executeUpdate()
            .replaceWithVoid();
  }

  @Override
  public Uni<List<Timer>> fireDue(
      long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher) {
    return fire(DUE, nowMs, limit, publisher);
  }

  @Override
  public Uni<List<Timer>> fireAgain(
      long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher) {
    return fire(UNHEARD, nowMs, limit, publisher);
  }

  private Uni<List<Timer>> fire(
      String which, long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher) {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery(which, TimerEntity.class)
            .setParameter("now", nowMs)
            .setMaxResults(limit)
            .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
            .getResultList()
            .flatMap(due -> fire(session, context, due, publisher)));
  }

  private Uni<List<Timer>> fire(
      Mutiny.Session session,
      Context context,
      List<TimerEntity> due,
      Function<List<Timer>, Uni<Boolean>> publisher) {
    List<Timer> timers = due.stream().map(TimerEntity::timer).toList();
    if (timers.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return publisher
        .apply(timers)
        .emitOn(task -> context.runOnContext(ignored -> task.run()))
        .flatMap(published ->
            published
                ? mark(session, timers).replaceWith(timers)
                : Uni.createFrom().item(List.of()));
  }

  /**
   * A timer has fired once its message is acknowledged, which is now. One array of ids and not a
   * list of parameters: the statement is the same for every number of them.
   */
  private Uni<Integer> mark(Mutiny.Session session, List<Timer> fired) {
    return session
        .createNativeQuery(MARK)
        .setParameter("now", clock.millis())
        .setParameter("again", againAfterMs)
        .setParameter("fired", fired.stream().map(Timer::timerId).toArray(String[]::new))
        .executeUpdate();
  }

  @Override
  public Uni<OptionalLong> nextDueAtMs() {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery(
                "select min(dueAtMs) from Timer where firedAtMs is null", Long.class)
            .getSingleResultOrNull()
            .map(due -> due == null ? OptionalLong.empty() : OptionalLong.of(due)));
  }

  @Override
  public Uni<Long> pending() {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery("select count(*) from Timer where firedAtMs is null", Long.class)
            .getSingleResult());
  }

  @Override
  public Uni<List<ListedTimer>> list(NamespaceId namespace, Optional<After> after, int limit) {
    After behind = after.orElse(new After(Long.MIN_VALUE, ""));
    return transactions.bounded((session, context) ->
        session
            .createSelectionQuery(
                """
                from Timer
                where namespace = :namespace
                  and (dueAtMs > :due or (dueAtMs = :due and timerId > :id))
                order by dueAtMs, timerId
                """,
                TimerEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("due", behind.dueAtMs())
            .setParameter("id", behind.timerId())
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(TimerEntity::listed).toList()));
  }
}
