package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.Breaker;
import dev.dome.kernel.BreakerPolicy;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.retryscheduler.application.BreakerChange;
import dev.dome.retryscheduler.application.BreakerFacts;
import dev.dome.retryscheduler.application.BreakerOrder;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What journal rows do to breakers, in the transaction of a lane's cursor, and what operators do.
 * Rows are locked in the order of their ids, because the ends of attempts on every lane meet in the
 * same breakers.
 */
@ApplicationScoped
class BreakerWrites {
  private final BreakerPolicy policy;

  @Inject
  BreakerWrites(BreakerPolicy policy) {
    this.policy = policy;
  }

  /** What is done to a breaker. */
  private sealed interface Step {
    NamespaceId namespace();

    BreakerKey key();

    Breaker on(Breaker breaker, BreakerPolicy policy);
  }

  private record Observed(NamespaceId namespace, BreakerKey key, Breaker.Observation seen)
      implements Step {
    @Override
    public Breaker on(Breaker breaker, BreakerPolicy policy) {
      return breaker.observe(policy, seen);
    }
  }

  private record Told(NamespaceId namespace, BreakerSnapshot snapshot) implements Step {
    @Override
    public BreakerKey key() {
      return snapshot.key();
    }

    @Override
    public Breaker on(Breaker breaker, BreakerPolicy policy) {
      return breaker.told(snapshot);
    }
  }

  private record Ordered(BreakerOrder order, long nowMs) implements Step {
    @Override
    public NamespaceId namespace() {
      return order.namespace();
    }

    @Override
    public BreakerKey key() {
      return order.key();
    }

    @Override
    public Breaker on(Breaker breaker, BreakerPolicy policy) {
      return order.on(breaker, nowMs);
    }
  }

  /** Does what an operator asks; gives the breaker as it then stands. */
  Uni<Breaker> steer(Mutiny.Session session, BreakerOrder order, long nowMs) {
    String breakerId = BreakerEntity.id(order.namespace(), order.key());
    return observe(session, Map.of(breakerId, List.of(new Ordered(order, nowMs))))
        .flatMap(changed -> session.find(BreakerEntity.class, breakerId))
        .map(BreakerEntity::breaker);
  }

  /** Stores the facts; gives whether a breaker changed. */
  Uni<Boolean> store(Mutiny.Session session, BreakerFacts facts) {
    if (facts.isEmpty()) {
      return Uni.createFrom().item(false);
    }
    return guards(session, facts.unknownRuns())
        .flatMap(stored -> observe(session, steps(facts, stored)))
        .flatMap(changed -> keepGuards(session, facts).replaceWith(changed));
  }

  private static Uni<Map<RunUid, Map<TaskId, List<BreakerKey>>>> guards(
      Mutiny.Session session, Set<RunUid> runs) {
    if (runs.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return session
        .createSelectionQuery("from RunGuards where runUid in (:runs)", RunGuardsEntity.class)
        .setParameter("runs", runs.stream().map(RunUid::value).toList())
        .getResultList()
        .map(rows ->
            rows.stream()
                .collect(Collectors.toMap(row -> new RunUid(row.runUid), RunGuardsEntity::tasks)));
  }

  private static Map<String, List<Step>> steps(
      BreakerFacts facts, Map<RunUid, Map<TaskId, List<BreakerKey>>> stored) {
    Map<String, List<Step>> steps = new TreeMap<>();
    for (BreakerFacts.Seen seen : facts.seen()) {
      for (Step step : steps(facts, seen, stored)) {
        String breakerId = BreakerEntity.id(step.namespace(), step.key());
        steps.computeIfAbsent(breakerId, k -> new ArrayList<>()).add(step);
      }
    }
    return steps;
  }

  private static List<Step> steps(
      BreakerFacts facts,
      BreakerFacts.Seen seen,
      Map<RunUid, Map<TaskId, List<BreakerKey>>> stored) {
    return switch (seen) {
      case BreakerFacts.Told told -> List.of(new Told(told.namespace(), told.breaker()));
      case BreakerFacts.AttemptEnd end -> {
        List<BreakerKey> guards = facts.guardsOf(end, stored);
        List<Step> steps = new ArrayList<>();
        guards.forEach(key -> steps.add(new Observed(end.namespace(), key, end.by(key, guards))));
        yield steps;
      }
    };
  }

  private Uni<Boolean> observe(Mutiny.Session session, Map<String, List<Step>> steps) {
    if (steps.isEmpty()) {
      return Uni.createFrom().item(false);
    }
    return locked(session, steps.keySet())
        .flatMap(found -> {
          List<List<Step>> missing =
              steps.entrySet().stream()
                  .filter(entry -> !found.containsKey(entry.getKey()))
                  .map(Map.Entry::getValue)
                  .toList();
          return missing.isEmpty()
              ? Uni.createFrom().item(found)
              : begin(session, missing, 0).flatMap(done -> locked(session, steps.keySet()));
        })
        .flatMap(found -> session.persistAll(apply(found, steps).toArray()).map(done -> found))
        .map(found -> found.values().stream().anyMatch(row -> row.changed));
  }

  private static Uni<Map<String, BreakerEntity>> locked(Mutiny.Session session, Set<String> ids) {
    return session
        .createSelectionQuery(
            "from Breaker where breakerId in (:ids) order by breakerId", BreakerEntity.class)
        .setParameter("ids", ids)
        .setLockMode(LockMode.PESSIMISTIC_WRITE)
        .getResultList()
        .map(rows -> {
          Map<String, BreakerEntity> byId = new LinkedHashMap<>();
          rows.forEach(row -> byId.put(row.breakerId, row));
          return byId;
        });
  }

  /** The first end of an attempt makes its breaker; of two lanes that try, one makes it. */
  private static Uni<Void> begin(Mutiny.Session session, List<List<Step>> missing, int at) {
    if (at == missing.size()) {
      return Uni.createFrom().voidItem();
    }
    Step first = missing.get(at).getFirst();
    Breaker unseen = Breaker.unseen(first.key());
    return session
        .createMutationQuery(
            """
            insert into Breaker (breakerId, namespace, breakerKey, version, phase, cause, sinceMs, passed,
              observedAtMs, slices, toldAgainVersion)
            values (:id, :namespace, :key, 0L, :phase, :cause, 0L, 0, 0L, '[]', 0L)
            on conflict do nothing
            """)
        .setParameter("id", BreakerEntity.id(first.namespace(), first.key()))
        .setParameter("namespace", first.namespace().value())
        .setParameter("key", first.key().value())
        .setParameter("phase", unseen.phase())
        .setParameter("cause", unseen.cause())
        .executeUpdate()
        .flatMap(done -> begin(session, missing, at + 1));
  }

  private List<BreakerChangeEntity> apply(
      Map<String, BreakerEntity> rows, Map<String, List<Step>> steps) {
    List<BreakerChangeEntity> changes = new ArrayList<>();
    steps.forEach((id, ofBreaker) -> changes.addAll(apply(rows.get(id), ofBreaker)));
    return changes;
  }

  private List<BreakerChangeEntity> apply(BreakerEntity row, List<Step> steps) {
    List<BreakerChangeEntity> changes = new ArrayList<>();
    Breaker breaker = row.breaker();
    for (Step step : steps) {
      Breaker next = step.on(breaker, policy);
      if (next.version() != breaker.version()) {
        changes.stream().filter(BreakerChangeEntity::toldBefore).forEach(BreakerChangeEntity::skip);
        changes.add(BreakerChangeEntity.of(change(row.owner(), next)));
      }
      breaker = next;
    }
    row.changed = !changes.isEmpty();
    row.become(breaker);
    return changes;
  }

  BreakerChange change(NamespaceId namespace, Breaker breaker) {
    return new BreakerChange(
        namespace, breaker.snapshot(policy), breaker.cause(), policy.version(), breaker.steering());
  }

  private static Uni<Void> keepGuards(Mutiny.Session session, BreakerFacts facts) {
    List<RunGuardsEntity> open =
        facts.guards().entrySet().stream()
            .filter(entry -> !facts.completedRuns().contains(entry.getKey()))
            .map(entry -> RunGuardsEntity.of(entry.getKey(), entry.getValue()))
            .toList();
    Uni<Void> kept =
        open.isEmpty() ? Uni.createFrom().voidItem() : session.persistAll(open.toArray());
    return facts.completedRuns().isEmpty()
        ? kept
        : kept.flatMap(done ->
            session
                .createMutationQuery("delete from RunGuards where runUid in (:runs)")
                .setParameter("runs", facts.completedRuns().stream().map(RunUid::value).toList())
                .executeUpdate()
                .replaceWithVoid());
  }
}
