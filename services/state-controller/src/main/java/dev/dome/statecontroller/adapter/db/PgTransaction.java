package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.RunUid;
import dev.dome.statecontroller.application.Changes;
import dev.dome.statecontroller.application.LimitKey;
import dev.dome.statecontroller.application.Store;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Set;

/** One transaction on one connection of the pool. */
final class PgTransaction implements Store.Transaction {
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
  public Store.Usage usage(Set<LimitKey> limits, Set<AttemptId> ended) {
    return PgLimits.usage(connection, limits, ended);
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
