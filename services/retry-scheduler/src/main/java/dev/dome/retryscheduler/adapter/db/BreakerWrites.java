package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.Breaker;
import dev.dome.kernel.BreakerPolicy;
import dev.dome.retryscheduler.application.BreakerChange;
import dev.dome.retryscheduler.application.BreakerFacts;
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
 * What journal rows do to breakers, in the transaction of a lane's cursor. Rows are locked in the
 * order of their ids, because the ends of attempts on every lane meet in the same breakers.
 */
@ApplicationScoped
class BreakerWrites {
  private final BreakerPolicy policy;

  @Inject
  BreakerWrites(BreakerPolicy policy) {
    this.policy = policy;
  }

  /** An observation and the breaker it is for. */
  private record Told(NamespaceId namespace, BreakerKey key, Breaker.Observation seen) {
    String breakerId() {
      return BreakerEntity.id(namespace, key);
    }
  }

  /** Stores the facts; gives whether a breaker changed. */
  Uni<Boolean> store(Mutiny.Session session, BreakerFacts facts) {
    if (facts.isEmpty()) {
      return Uni.createFrom().item(false);
    }
    return guards(session, facts.unknownRuns())
        .flatMap(stored -> observe(session, observations(facts, stored)))
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

  private static Map<String, List<Told>> observations(
      BreakerFacts facts, Map<RunUid, Map<TaskId, List<BreakerKey>>> stored) {
    Map<String, List<Told>> told = new TreeMap<>();
    for (BreakerFacts.Seen end : facts.seen()) {
      List<BreakerKey> guards = facts.guardsOf(end, stored);
      for (BreakerKey key : guards) {
        Told one = new Told(end.namespace(), key, end.by(key, guards));
        told.computeIfAbsent(one.breakerId(), k -> new ArrayList<>()).add(one);
      }
    }
    return told;
  }

  private Uni<Boolean> observe(Mutiny.Session session, Map<String, List<Told>> told) {
    if (told.isEmpty()) {
      return Uni.createFrom().item(false);
    }
    return locked(session, told.keySet())
        .flatMap(found -> {
          List<List<Told>> missing =
              told.entrySet().stream()
                  .filter(entry -> !found.containsKey(entry.getKey()))
                  .map(Map.Entry::getValue)
                  .toList();
          return missing.isEmpty()
              ? Uni.createFrom().item(found)
              : begin(session, missing, 0).flatMap(done -> locked(session, told.keySet()));
        })
        .flatMap(found -> session.persistAll(apply(found, told).toArray()).map(done -> found))
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
  private static Uni<Void> begin(Mutiny.Session session, List<List<Told>> missing, int at) {
    if (at == missing.size()) {
      return Uni.createFrom().voidItem();
    }
    Told first = missing.get(at).getFirst();
    Breaker unseen = Breaker.unseen(first.key());
    return session
        .createMutationQuery(
            """
            insert into Breaker (breakerId, namespace, breakerKey, version, phase, cause, sinceMs, passed,
              observedAtMs, slices)
            values (:id, :namespace, :key, 0L, :phase, :cause, 0L, 0, 0L, '[]')
            on conflict do nothing
            """)
        .setParameter("id", first.breakerId())
        .setParameter("namespace", first.namespace().value())
        .setParameter("key", first.key().value())
        .setParameter("phase", unseen.phase())
        .setParameter("cause", unseen.cause())
        .executeUpdate()
        .flatMap(done -> begin(session, missing, at + 1));
  }

  private List<BreakerChangeEntity> apply(
      Map<String, BreakerEntity> rows, Map<String, List<Told>> told) {
    List<BreakerChangeEntity> changes = new ArrayList<>();
    told.forEach((id, observations) -> {
      BreakerEntity row = rows.get(id);
      Breaker breaker = row.breaker();
      for (Told one : observations) {
        Breaker next = breaker.observe(policy, one.seen());
        if (next.version() != breaker.version()) {
          changes.add(BreakerChangeEntity.of(change(one.namespace(), next)));
          row.changed = true;
        }
        breaker = next;
      }
      row.become(breaker);
    });
    return changes;
  }

  BreakerChange change(NamespaceId namespace, Breaker breaker) {
    return new BreakerChange(
        namespace, breaker.snapshot(policy), breaker.cause(), policy.version());
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
