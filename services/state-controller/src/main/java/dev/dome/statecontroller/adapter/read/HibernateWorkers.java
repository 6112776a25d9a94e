package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.Labels;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.statecontroller.application.Drains;
import dev.dome.statecontroller.application.read.WorkerDrains;
import dev.dome.statecontroller.application.read.WorkerReads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link WorkerReads} and {@link WorkerDrains} on the tables worker, drain and lease. */
@ApplicationScoped
public class HibernateWorkers implements WorkerReads, WorkerDrains {
  private static final int MAX_POLLERS = 100;

  private static final String WORKERS =
      """
      select w.worker_id, w.queue, w.deployment_version, w.labels, w.last_seen_ms,
        (select min(d.since_ms) from drain d where d.namespace = w.namespace
          and (d.worker_id = w.worker_id or d.worker_id = '' and d.queue = w.queue
            and d.deployment_version = w.deployment_version)),
        coalesce(held.leases, 0)
      from worker w left join (
        select l.worker_id, l.queue, count(*) as leases from lease l
        where l.namespace = :namespace and l.ended_at_ms is null
        group by l.worker_id, l.queue) held
        on held.worker_id = w.worker_id and held.queue = w.queue
      where w.namespace = :namespace
      """;

  private static final String PAGE =
      WORKERS
          + """
            and (:queue = '' or w.queue = :queue)
            and (w.worker_id, w.queue) > (:afterWorker, :afterQueue)
          order by w.worker_id, w.queue
          """;

  private static final String POLLERS =
      WORKERS
          + " and w.queue = :queue and w.labels is not null"
          + " order by w.last_seen_ms desc, w.worker_id";

  /** One of the two is empty, as the table wants it. */
  private static final String SUBJECT =
      """
      (select from worker w where w.namespace = :namespace
        and (w.worker_id = :worker or :worker = '' and w.queue = :queue
          and w.deployment_version = :version))
      """;

  private static final String BEGIN =
      """
      insert into drain (namespace, worker_id, queue, deployment_version, since_ms, actor)
      select :namespace, :worker, :queue, :version, :now, :actor
      where exists
      """
          + SUBJECT
          + """
          on conflict (namespace, worker_id, queue, deployment_version)
          do update set actor = drain.actor
          returning since_ms, actor
          """;

  private static final String END =
      """
      with gone as (delete from drain where namespace = :namespace and worker_id = :worker
        and queue = :queue and deployment_version = :version returning 1)
      select exists (select from gone) or exists
      """
          + SUBJECT;

  private final Reader reader;

  HibernateWorkers(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<List<WorkerRecord>> list(
      NamespaceId namespace, QueueName queue, After after, int limit) {
    return reader.read(session ->
        session
            .createNativeQuery(PAGE, Object[].class)
            .setParameter("namespace", namespace.value())
            .setParameter("queue", queue == null ? "" : queue.value())
            .setParameter("afterWorker", after == null ? "" : after.workerId())
            .setParameter("afterQueue", after == null ? "" : after.queue())
            .setMaxResults(limit)
            .getResultList()
            .map(HibernateWorkers::workers));
  }

  @Override
  public Uni<List<WorkerRecord>> listPollers(NamespaceId namespace, QueueName queue) {
    return reader.read(session ->
        session
            .createNativeQuery(POLLERS, Object[].class)
            .setParameter("namespace", namespace.value())
            .setParameter("queue", queue.value())
            .setMaxResults(MAX_POLLERS)
            .getResultList()
            .map(HibernateWorkers::workers));
  }

  private static List<WorkerRecord> workers(List<Object[]> rows) {
    return rows.stream().map(HibernateWorkers::worker).toList();
  }

  private static WorkerRecord worker(Object[] row) {
    return new WorkerRecord(
        (String) row[0],
        (String) row[1],
        (String) row[2],
        Labels.ofJson((String) row[3]),
        (long) row[4],
        (Long) row[5],
        (long) row[6]);
  }

  @Override
  public Uni<Optional<DrainRecord>> begin(Drains.Rule rule, String actor, long nowMs) {
    return reader.change(session ->
        about(session.createNativeQuery(BEGIN, Object[].class), rule)
            .setParameter("now", nowMs)
            .setParameter("actor", actor)
            .getSingleResultOrNull()
            .map(row ->
                Optional.ofNullable(row)
                    .map(drain -> new DrainRecord((long) drain[0], (String) drain[1]))));
  }

  @Override
  public Uni<Boolean> end(Drains.Rule rule) {
    return reader.change(
        session -> about(session.createNativeQuery(END, Boolean.class), rule).getSingleResult());
  }

  private static <T> Mutiny.SelectionQuery<T> about(
      Mutiny.SelectionQuery<T> query, Drains.Rule rule) {
    return switch (rule) {
      case Drains.Rule.OfWorker(NamespaceId namespace, String workerId) ->
          about(query, namespace, workerId, "", "");
      case Drains.Rule.OfVersion(NamespaceId namespace, QueueName queue, String version) ->
          about(query, namespace, "", queue.value(), version);
    };
  }

  private static <T> Mutiny.SelectionQuery<T> about(
      Mutiny.SelectionQuery<T> query,
      NamespaceId namespace,
      String worker,
      String queue,
      String version) {
    return query
        .setParameter("namespace", namespace.value())
        .setParameter("worker", worker)
        .setParameter("queue", queue)
        .setParameter("version", version);
  }
}
