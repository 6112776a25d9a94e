package dev.dome.statecontroller.adapter.limits;

import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.statecontroller.adapter.read.Reader;
import dev.dome.statecontroller.application.Rate;
import dev.dome.statecontroller.application.TaskLimit;
import dev.dome.statecontroller.application.limits.LimitStore;
import dev.dome.statecontroller.application.limits.LimitUse;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link LimitStore} on the tables task_limit, permit and rate. */
@ApplicationScoped
public class HibernateLimitStore implements LimitStore {
  /** Comes first, so that changes follow each other and no replica sees a version half made. */
  private static final String NEXT_VERSION = "update limit_version set version = version + 1";

  private static final String HOLD =
      "select 1 from (select pg_advisory_xact_lock(limit_lock(:namespace, :name))) as held";

  /**
   * Leases that are being changed right now are left out instead of waited for: their transaction
   * may wait for one of these. The lock on the others keeps them from ending without their permit.
   */
  private static final String ADOPT =
      """
      with live as (
        select l.namespace, l.attempt_id from lease l
        where l.namespace = :namespace and l.queue = :queue and l.ended_at_ms is null
          and not exists (select 1 from permit p
            where p.attempt_id = l.attempt_id and p.key = :name)
        for update of l skip locked)
      insert into permit (namespace, key, slot, attempt_id)
      select live.namespace, :name,
        cast(coalesce((select max(p.slot) from permit p
            where p.namespace = :namespace and p.key = :name), -1)
          + row_number() over (order by live.attempt_id) as integer),
        live.attempt_id
      from live
      """;

  private static final String USES =
      """
      select l.name, l.max_concurrent, l.rate_permits, l.rate_per_seconds, l.rate_burst,
        (select count(*) from permit p where p.namespace = l.namespace and p.key = l.name) as taken,
        coalesce((select r.tat_us from rate r
          where r.namespace = l.namespace and r.name = l.name), 0) as tat_us,
        cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) as now_us
      from task_limit l where l.namespace = :namespace and l.name in (:names)
      union all
      select p.key, cast(null as integer), cast(null as integer), cast(null as integer),
        cast(null as integer), count(*), cast(0 as bigint), cast(0 as bigint)
      from permit p
      where p.namespace = :namespace and p.key in (:names)
        and not exists (select 1 from task_limit l
          where l.namespace = p.namespace and l.name = p.key)
      group by p.key
      """;

  private final Reader reader;

  HibernateLimitStore(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<List<SetLimit>> list(NamespaceId namespace, LimitName after, int limit) {
    return reader.read(session ->
        session
            .createSelectionQuery(
                "from TaskLimitEntity l where l.namespace = :namespace and l.name > :after"
                    + " order by l.name",
                TaskLimitEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("after", after == null ? "" : after.value())
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(TaskLimitEntity::toRecord).toList()));
  }

  @Override
  public Uni<Optional<SetLimit>> find(NamespaceId namespace, LimitName name) {
    return reader.read(
        session -> find(session, namespace, name).map(row -> row.map(TaskLimitEntity::toRecord)));
  }

  private static Uni<Optional<TaskLimitEntity>> find(
      Mutiny.Session session, NamespaceId namespace, LimitName name) {
    return session
        .createSelectionQuery(
            "from TaskLimitEntity l where l.namespace = :namespace and l.name = :name",
            TaskLimitEntity.class)
        .setParameter("namespace", namespace.value())
        .setParameter("name", name.value())
        .getSingleResultOrNull()
        .map(Optional::ofNullable);
  }

  @Override
  public Uni<Boolean> put(SetLimit set) {
    TaskLimit limit = set.limit();
    return reader.change(session ->
        nextVersion(session)
            .chain(() -> find(session, limit.namespace(), limit.name()))
            .chain(known ->
                known.isPresent()
                    ? Uni.createFrom().item(true)
                    : hasRoom(session, limit.namespace()))
            .chain(room ->
                room
                    ? session
                        .merge(TaskLimitEntity.of(set))
                        .chain(session::flush)
                        .chain(() -> adopt(session, limit))
                        .replaceWith(true)
                    : Uni.createFrom().item(false)));
  }

  private static Uni<Integer> nextVersion(Mutiny.Session session) {
    return session.createNativeQuery(NEXT_VERSION).executeUpdate();
  }

  private static Uni<Boolean> hasRoom(Mutiny.Session session, NamespaceId namespace) {
    return session
        .createSelectionQuery(
            "select count(*) from TaskLimitEntity l where l.namespace = :namespace", Long.class)
        .setParameter("namespace", namespace.value())
        .getSingleResult()
        .map(count -> count < MAX_PER_NAMESPACE);
  }

  /** What is leased on a queue was granted without a permit while the queue had no limit. */
  private static Uni<Integer> adopt(Mutiny.Session session, TaskLimit limit) {
    if (!limit.name().isQueue() || limit.maxConcurrent() == null) {
      return Uni.createFrom().item(0);
    }
    return session
        .createNativeQuery(HOLD, Integer.class)
        .setParameter("namespace", limit.namespace().value())
        .setParameter("name", limit.name().value())
        .getSingleResult()
        .chain(() ->
            session
                .createNativeQuery(ADOPT)
                .setParameter("namespace", limit.namespace().value())
                .setParameter("name", limit.name().value())
                .setParameter("queue", limit.name().text())
                .executeUpdate());
  }

  @Override
  public Uni<Boolean> remove(NamespaceId namespace, LimitName name) {
    return reader.change(session ->
        nextVersion(session)
            .chain(() -> delete(session, "delete from rate", namespace, name))
            .chain(() -> delete(session, "delete from task_limit", namespace, name))
            .map(rows -> rows > 0));
  }

  private static Uni<Integer> delete(
      Mutiny.Session session, String table, NamespaceId namespace, LimitName name) {
    return session
        .createNativeQuery(table + " where namespace = :namespace and name = :name")
        .setParameter("namespace", namespace.value())
        .setParameter("name", name.value())
        .executeUpdate();
  }

  @Override
  public Uni<List<LimitUse>> uses(NamespaceId namespace, Set<LimitName> names) {
    return names.isEmpty()
        ? Uni.createFrom().item(List.of())
        : reader.read(session ->
            session
                .createNativeQuery(USES, Object[].class)
                .setParameter("namespace", namespace.value())
                .setParameter("names", names.stream().map(LimitName::value).toList())
                .getResultList()
                .map(rows -> rows.stream().map(HibernateLimitStore::use).toList()));
  }

  private static LimitUse use(Object[] row) {
    Rate rate = row[2] == null ? null : new Rate((int) row[2], (int) row[3], (int) row[4]);
    return LimitUse.of(
        new LimitName((String) row[0]),
        (Integer) row[1],
        rate,
        (long) row[5],
        (long) row[6],
        (long) row[7]);
  }
}
