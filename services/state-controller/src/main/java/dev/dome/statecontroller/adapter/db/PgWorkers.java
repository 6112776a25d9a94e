package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.statecontroller.application.Drains;
import dev.dome.statecontroller.application.WorkerTable;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@link WorkerTable} on the tables worker and drain. */
public final class PgWorkers implements WorkerTable {
  /** In the order of the key, so that two replicas that saw the same workers do not deadlock. */
  private static final String SEEN =
      """
      INSERT INTO worker AS w (namespace, worker_id, queue, deployment_version, labels, last_seen_ms)
      SELECT s.namespace, s.worker_id, s.queue, s.deployment_version, s.labels, s.last_seen_ms
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
        $6::bigint[]) AS s(namespace, worker_id, queue, deployment_version, labels,
        last_seen_ms)
      ORDER BY s.namespace, s.worker_id, s.queue
      ON CONFLICT (namespace, worker_id, queue) DO UPDATE SET
        deployment_version = CASE WHEN excluded.labels IS NULL THEN w.deployment_version
          ELSE excluded.deployment_version END,
        labels = coalesce(excluded.labels, w.labels),
        last_seen_ms = greatest(w.last_seen_ms, excluded.last_seen_ms)
      """;

  private static final String RULES =
      "SELECT namespace, worker_id, queue, deployment_version FROM drain";

  private static final String OF_VERSIONS =
      """
      SELECT w.namespace, w.queue, w.worker_id
      FROM drain d JOIN worker w ON w.namespace = d.namespace AND w.queue = d.queue
        AND w.deployment_version = d.deployment_version
      WHERE d.worker_id = '' AND w.last_seen_ms >= $1
      """;

  private static final String FORGET = "DELETE FROM worker WHERE last_seen_ms < $1";

  private static final String FORGET_DRAINS =
      """
      DELETE FROM drain d WHERE d.worker_id <> '' AND d.since_ms < $1
        AND NOT EXISTS (SELECT FROM worker w
          WHERE w.namespace = d.namespace AND w.worker_id = d.worker_id)
      """;

  private static final Comparator<Seen> BY_KEY =
      Comparator.comparing(Seen::namespace)
          .thenComparing(Seen::workerId)
          .thenComparing(Seen::queue);

  private final Pool pool;

  public PgWorkers(Pool pool) {
    this.pool = pool;
  }

  @Override
  public void seen(Collection<Seen> workers) {
    List<Seen> rows = workers.stream().sorted(BY_KEY).toList();
    run(
        SEEN,
        Columns.of(rows)
            .text(row -> row.namespace().value())
            .text(Seen::workerId)
            .text(row -> row.queue().value())
            .text(Seen::deploymentVersion)
            .text(row -> row.claimed() ? Json.tree(row.labels()).toString() : null)
            .bigint(Seen::atMs)
            .tuple());
  }

  @Override
  public Drains drains(long sinceMs) {
    Set<Drains.Rule> rules = new HashSet<>();
    for (Row row : run(RULES, Tuple.tuple())) {
      rules.add(rule(row));
    }
    Set<Drains.Polling> ofVersions = new HashSet<>();
    if (rules.stream().anyMatch(Drains.Rule.OfVersion.class::isInstance)) {
      for (Row row : run(OF_VERSIONS, Tuple.of(sinceMs))) {
        ofVersions.add(
            new Drains.Polling(
                new NamespaceId(row.getString(0)),
                new QueueName(row.getString(1)),
                row.getString(2)));
      }
    }
    return new Drains(rules, ofVersions);
  }

  private static Drains.Rule rule(Row row) {
    NamespaceId namespace = new NamespaceId(row.getString(0));
    String workerId = row.getString(1);
    return workerId.isEmpty()
        ? new Drains.Rule.OfVersion(namespace, new QueueName(row.getString(2)), row.getString(3))
        : new Drains.Rule.OfWorker(namespace, workerId);
  }

  @Override
  public void forget(long beforeMs) {
    run(FORGET, Tuple.of(beforeMs));
    run(FORGET_DRAINS, Tuple.of(beforeMs));
  }

  private Iterable<Row> run(String sql, Tuple parameters) {
    return Failures.await(pool.preparedQuery(sql).execute(parameters));
  }
}
