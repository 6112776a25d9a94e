package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.id.Lane;
import dev.dome.statecontroller.application.Store;
import dev.dome.statecontroller.application.StoreException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The store of the lane writer. A batch costs two waits in the usual case: one for the fence and
 * everything it must know, one for everything it writes and the commit.
 */
public final class PgStore implements Store {
  /**
   * The time limit ends the transaction of a writer that was stopped inside it, so that whoever
   * takes its lanes over need not wait for it. The planner settings keep to index look-ups also
   * while statistics still say that the tables are empty.
   */
  private static final String BEGIN =
      """
      BEGIN;
      SET LOCAL idle_in_transaction_session_timeout = 3000;
      SET LOCAL enable_seqscan = off;
      SET LOCAL enable_hashjoin = off;
      SET LOCAL enable_mergejoin = off
      """;

  /** In lane order, like every statement that locks several lanes, so that none deadlock. */
  private static final String FENCE =
      """
      SELECT l.lane FROM lane l
      JOIN unnest($1::int[], $2::bigint[]) AS mine(lane, epoch)
        ON l.lane = mine.lane AND l.epoch = mine.epoch
      ORDER BY l.lane
      FOR SHARE OF l
      """;

  private final Pool pool;

  public PgStore(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Transaction begin(Map<Lane, Long> epochs, Wanted wanted) {
    SqlConnection connection = connection();
    PgTransaction transaction = new PgTransaction(connection);
    try {
      connection.query(BEGIN).execute();
      Future<RowSet<Row>> fence = connection.preparedQuery(FENCE).execute(fenced(epochs));
      transaction.found(PgReads.find(connection, wanted, () -> held(fence)));
      return transaction;
    } catch (RuntimeException e) {
      transaction.close();
      throw e;
    }
  }

  /** One that comes when nobody waits for it any more goes back. */
  private SqlConnection connection() {
    Future<SqlConnection> asked = pool.getConnection();
    try {
      return Failures.await(asked);
    } catch (StoreException e) {
      asked.onSuccess(SqlConnection::close);
      throw e;
    }
  }

  private static Tuple fenced(Map<Lane, Long> epochs) {
    return Columns.of(epochs.entrySet())
        .integer(entry -> entry.getKey().number())
        .bigint(Map.Entry::getValue)
        .tuple();
  }

  private static Set<Lane> held(Future<RowSet<Row>> fence) {
    Set<Lane> held = new HashSet<>();
    Failures.await(fence).forEach(row -> held.add(new Lane(row.getInteger(0))));
    return held;
  }
}
