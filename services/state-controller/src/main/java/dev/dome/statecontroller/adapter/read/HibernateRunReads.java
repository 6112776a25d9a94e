package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.BreakerSteering;
import dev.dome.kernel.TaskStatus;
import dev.dome.statecontroller.application.read.RunReads;
import dev.dome.statecontroller.application.read.RunRecord;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link RunReads} on the tables run, lease, task, permit and lane_breaker. */
@ApplicationScoped
public class HibernateRunReads implements RunReads {
  private final Reader reader;

  HibernateRunReads(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<List<RunRecord>> list(NamespaceId namespace, Filter filter, After after, int limit) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    StringBuilder hql = new StringBuilder("from RunEntity r where r.namespace = :namespace");
    parameters.put("namespace", namespace.value());
    if (filter.status() != null) {
      hql.append(" and r.status = :status");
      parameters.put("status", filter.status().name());
    }
    if (filter.submitter() != null) {
      hql.append(" and r.submitter = :submitter");
      parameters.put("submitter", filter.submitter());
    }
    if (after != null) {
      hql.append(" and (r.createdAtMs < :createdAtMs");
      hql.append(" or r.createdAtMs = :createdAtMs and r.runId > :runId)");
      parameters.put("createdAtMs", after.createdAtMs());
      parameters.put("runId", after.runId());
    }
    hql.append(" order by r.createdAtMs desc, r.runId");
    return reader.read(session -> {
      Mutiny.SelectionQuery<RunEntity> query =
          session.createSelectionQuery(hql.toString(), RunEntity.class);
      parameters.forEach(query::setParameter);
      return query
          .setMaxResults(limit)
          .getResultList()
          .map(rows -> rows.stream().map(RunEntity::toRecord).toList());
    });
  }

  @Override
  public Uni<Optional<RunRecord>> find(NamespaceId namespace, RunId runId) {
    return reader.read(session ->
        session
            .createSelectionQuery(
                "from RunEntity r where r.namespace = :namespace and r.runId = :runId",
                RunEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("runId", runId.value())
            .getSingleResultOrNull()
            .map(row -> Optional.ofNullable(row).map(RunEntity::toRecord)));
  }

  @Override
  public Uni<Optional<RunRecord>> find(NamespaceId namespace, RunUid runUid) {
    return runs("r.runUid = :value", namespace, runUid.value())
        .map(rows -> rows.stream().findFirst());
  }

  @Override
  public Uni<List<RunRecord>> named(NamespaceId namespace, List<RunId> runIds) {
    return runs("r.runId in :value", namespace, runIds.stream().map(RunId::value).toList());
  }

  @Override
  public Uni<List<RunRecord>> redrives(NamespaceId namespace, RunId runId) {
    return runs("r.redriveOf = :value", namespace, runId.value());
  }

  private Uni<List<RunRecord>> runs(String condition, NamespaceId namespace, Object value) {
    return reader.read(session ->
        session
            .createSelectionQuery(
                "from RunEntity r where r.namespace = :namespace and "
                    + condition
                    + " order by r.createdAtMs, r.runUid",
                RunEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("value", value)
            .getResultList()
            .map(rows -> rows.stream().map(RunEntity::toRecord).toList()));
  }

  @Override
  public Uni<List<TaskRecord>> tasks(RunUid runUid, TaskStatus status, int afterIndex, int limit) {
    String ofStatus = status == null ? "" : " and t.status = :status";
    return reader.read(session -> {
      Mutiny.SelectionQuery<TaskEntity> query =
          session
              .createSelectionQuery(
                  "from TaskEntity t where t.runUid = :runUid and t.planIndex > :afterIndex"
                      + ofStatus
                      + " order by t.planIndex",
                  TaskEntity.class)
              .setParameter("runUid", runUid.value())
              .setParameter("afterIndex", afterIndex);
      if (status != null) {
        query.setParameter("status", status.name());
      }
      return query
          .setMaxResults(limit)
          .getResultList()
          .map(rows -> rows.stream().map(TaskEntity::toRecord).toList());
    });
  }

  @Override
  public Uni<List<LeaseRecord>> leases(Collection<AttemptId> attemptIds) {
    return attemptIds.isEmpty()
        ? Uni.createFrom().item(List.of())
        : reader.read(session ->
            session
                .createSelectionQuery(
                    "from LeaseEntity l where l.attemptId in (:ids)", LeaseEntity.class)
                .setParameter("ids", attemptIds.stream().map(AttemptId::value).toList())
                .getResultList()
                .map(rows -> rows.stream().map(LeaseEntity::toRecord).toList()));
  }

  /** A paused queue is shown though nothing waits in it; every lane of it was told the same. */
  @Override
  public Uni<List<QueueRecord>> queues(NamespaceId namespace) {
    return reader.read(session ->
        session
            .createNativeQuery(
                """
                select coalesce(t.queue, p.queue), coalesce(t.ready, 0), coalesce(t.held, 0),
                  coalesce(t.leased, 0), p.steering
                from (
                  select queue,
                    count(*) filter (where status = 'QUEUED' and assigned) as ready,
                    count(*) filter (where status = 'QUEUED' and not assigned) as held,
                    count(*) filter (where status <> 'QUEUED') as leased
                  from task
                  where namespace = :namespace and status in ('QUEUED', 'CLAIMED', 'RUNNING')
                  group by queue) t
                full join (
                  select substr(key, 7) as queue, steering
                  from (
                    select distinct on (key) key, phase, until_ms, steering from lane_breaker
                    where namespace = :namespace and key like 'queue:%'
                    order by key, version desc) newest
                  where phase = 'OPEN' and until_ms is null) p
                on p.queue = t.queue
                order by 1
                """,
                Object[].class)
            .setParameter("namespace", namespace.value())
            .getResultList()
            .map(rows -> rows.stream().map(HibernateRunReads::queue).toList()));
  }

  private static QueueRecord queue(Object[] row) {
    return new QueueRecord(
        (String) row[0], (long) row[1], (long) row[2], (long) row[3], steering((String) row[4]));
  }

  private static BreakerSteering steering(String json) {
    return json == null
        ? null
        : Json.read(json.getBytes(StandardCharsets.UTF_8), BreakerSteering.class);
  }
}
