package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.RunUid;
import dev.dome.statecontroller.application.Changes;
import dev.dome.statecontroller.application.Store;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One transaction on one connection of the pool. */
final class PgTransaction implements Store.Transaction {
  private static final String FREE = "DELETE FROM permit WHERE attempt_id = ANY($1)";

  /**
   * Keys are inserted in order, so that two replicas that want the same keys do not deadlock. Two
   * that see the same slot free meet in the primary key: one of them gets nothing and asks again.
   */
  private static final String ACQUIRE =
      """
      INSERT INTO permit (namespace, key, slot, attempt_id)
      SELECT p.namespace, p.key, free.slot, p.attempt_id
      FROM unnest($1::text[], $2::text[], $3::int[], $4::text[])
        AS p(namespace, key, slots, attempt_id)
      CROSS JOIN LATERAL (
        SELECT s.slot FROM generate_series(0, p.slots - 1) AS s(slot)
        WHERE NOT EXISTS (SELECT FROM permit t
          WHERE t.namespace = p.namespace AND t.key = p.key AND t.slot = s.slot)
        ORDER BY s.slot LIMIT 1) AS free
      ORDER BY p.namespace, p.key
      ON CONFLICT DO NOTHING
      RETURNING namespace, key, attempt_id
      """;

  private static final Comparator<Store.Permit> BY_KEY =
      Comparator.comparing(Store.Permit::namespace).thenComparing(Store.Permit::key);

  private final SqlConnection connection;
  private Store.Found found;
  private boolean finished;

  PgTransaction(SqlConnection connection) {
    this.connection = connection;
  }

  void found(Store.Found facts) {
    this.found = facts;
  }

  @Override
  public Store.Found found() {
    return found;
  }

  @Override
  public List<Store.StoredRun> runs(Set<RunUid> runUids) {
    return PgReads.runs(connection, runUids);
  }

  @Override
  public List<Store.Permit> acquire(List<Store.Permit> permits, List<AttemptId> ended) {
    if (!ended.isEmpty()) {
      connection.preparedQuery(FREE).execute(Columns.of(ended).text(AttemptId::value).tuple());
    }
    if (permits.isEmpty()) {
      return List.of();
    }
    var rows =
        Failures.await(
            connection
                .preparedQuery(ACQUIRE)
                .execute(
                    Columns.of(permits.stream().sorted(BY_KEY).toList())
                        .text(permit -> permit.namespace().value())
                        .text(Store.Permit::key)
                        .integer(Store.Permit::slots)
                        .text(permit -> permit.attemptId().value())
                        .tuple()));
    Set<List<String>> granted = new HashSet<>();
    rows.forEach(row -> granted.add(List.of(row.getString(0), row.getString(1), row.getString(2))));
    return permits.stream()
        .filter(permit ->
            granted.contains(
                List.of(permit.namespace().value(), permit.key(), permit.attemptId().value())))
        .toList();
  }

  @Override
  public List<RunUid> guarded(Store.LaneBreaker breaker, int max) {
    return PgBreakers.guarded(connection, breaker, max);
  }

  @Override
  public void commit(Changes changes) {
    changes.requireWithin(found.held());
    List<Future<?>> statements = PgWrites.send(connection, changes);
    // A statement that failed turns this into a rollback; its own future says so.
    statements.add(connection.query("COMMIT").execute());
    finished = true;
    statements.forEach(Failures::await);
  }

  /** Commands of a connection run in order, so whoever gets it next finds no open transaction. */
  @Override
  public void close() {
    if (!finished) {
      finished = true;
      connection.query("ROLLBACK").execute();
    }
    connection.close();
  }
}
