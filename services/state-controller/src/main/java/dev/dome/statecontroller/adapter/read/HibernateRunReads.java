package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.statecontroller.application.read.RunReads;
import dev.dome.statecontroller.application.read.RunRecord;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link RunReads} on the tables run, lease and task. */
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
  public Uni<List<LeaseRecord>> leases(RunUid runUid) {
    return reader.read(session ->
        session
            .createSelectionQuery(
                "from LeaseEntity l where l.runUid = :runUid order by l.attemptId",
                LeaseEntity.class)
            .setParameter("runUid", runUid.value())
            .getResultList()
            .map(rows -> rows.stream().map(LeaseEntity::toRecord).toList()));
  }

  @Override
  public Uni<List<QueueRecord>> queues(NamespaceId namespace) {
    return reader.read(session ->
        session
            .createSelectionQuery(
                """
                select t.queue,
                  count(case when t.status = 'QUEUED' and t.assigned then 1 end),
                  count(case when t.status = 'QUEUED' and not t.assigned then 1 end),
                  count(case when t.status <> 'QUEUED' then 1 end)
                from TaskEntity t
                where t.namespace = :namespace and t.status in ('QUEUED', 'CLAIMED', 'RUNNING')
                group by t.queue
                order by t.queue
                """,
                Object[].class)
            .setParameter("namespace", namespace.value())
            .getResultList()
            .map(rows -> rows.stream().map(HibernateRunReads::queue).toList()));
  }

  private static QueueRecord queue(Object[] row) {
    return new QueueRecord((String) row[0], (long) row[1], (long) row[2], (long) row[3]);
  }
}
