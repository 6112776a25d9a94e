package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.statecontroller.application.Changes;
import dev.dome.statecontroller.application.Store;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** One transaction on one connection of the pool. */
final class PgTransaction implements Store.Transaction {
  private static final String FREE = "DELETE FROM permit WHERE attempt_id = ANY($1)";

  /** Keys are inserted in order, so that two replicas that want the same keys do not deadlock. */
  private static final String ACQUIRE =
      """
      INSERT INTO permit (namespace, key, slot, attempt_id)
      SELECT namespace, key, 0, attempt_id
      FROM unnest($1::text[], $2::text[], $3::text[]) AS p(namespace, key, attempt_id)
      ORDER BY namespace, key
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
    var rows =
        Failures.await(
            connection
                .preparedQuery(ACQUIRE)
                .execute(
                    Columns.of(permits.stream().sorted(BY_KEY).toList())
                        .text(permit -> permit.namespace().value())
                        .text(Store.Permit::key)
                        .text(permit -> permit.attemptId().value())
                        .tuple()));
    List<Store.Permit> granted = new ArrayList<>();
    rows.forEach(row ->
        granted.add(
            new Store.Permit(
                new NamespaceId(row.getString(0)),
                row.getString(1),
                new AttemptId(row.getString(2)))));
    return granted;
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
