package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.id.Lane;
import dev.dome.statecontroller.application.LaneLeases;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Lane ownership in the tables lane and replica; each statement is a transaction of its own. */
public final class PgLaneLeases implements LaneLeases {
  private static final String ALIVE =
      """
      INSERT INTO replica (replica_id, expires_at)
      VALUES ($1, now() + $2 * interval '1 millisecond')
      ON CONFLICT (replica_id) DO UPDATE SET expires_at = excluded.expires_at
      """;
  private static final String REPLICAS =
      "SELECT replica_id FROM replica WHERE expires_at > now() OR replica_id = $1 ORDER BY 1";
  private static final String LANES = "SELECT lane_count FROM deployment";

  /** Locks in lane order, as the writer's fence does. */
  private static final String RENEW =
      """
      WITH mine AS (
        SELECT l.lane FROM lane l
        JOIN unnest($1::int[], $2::bigint[]) AS o(lane, epoch)
          ON l.lane = o.lane AND l.epoch = o.epoch
        ORDER BY l.lane FOR NO KEY UPDATE OF l)
      UPDATE lane SET expires_at = now() + $3 * interval '1 millisecond'
      FROM mine WHERE lane.lane = mine.lane
      RETURNING lane.lane
      """;

  /** A lane whose row a batch holds right now is alive, or will be free at the next try. */
  private static final String TAKE =
      """
      WITH free AS (
        SELECT lane FROM lane
        WHERE expires_at < now() OR ($3 AND owner = $1)
        ORDER BY lane LIMIT $2 FOR UPDATE SKIP LOCKED)
      UPDATE lane SET epoch = lane.epoch + 1, owner = $1,
        expires_at = now() + $4 * interval '1 millisecond'
      FROM free WHERE lane.lane = free.lane
      RETURNING lane.lane, lane.epoch
      """;

  private static final String RELEASE =
      """
      UPDATE lane l SET owner = NULL, expires_at = '-infinity'
      FROM unnest($1::int[], $2::bigint[]) AS o(lane, epoch)
      WHERE l.lane = o.lane AND l.epoch = o.epoch
      """;
  private static final String LEAVE = "DELETE FROM replica WHERE replica_id = $1";

  private final Pool pool;

  public PgLaneLeases(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Standing renew(String replicaId, Map<Lane, Long> owned, long termMs) {
    run(ALIVE, Tuple.of(replicaId, (double) termMs));
    Set<Lane> held = new HashSet<>();
    if (!owned.isEmpty()) {
      run(RENEW, epochs(owned).addDouble((double) termMs))
          .forEach(row -> held.add(new Lane(row.getInteger(0))));
    }
    List<String> replicas = new ArrayList<>();
    run(REPLICAS, Tuple.of(replicaId)).forEach(row -> replicas.add(row.getString(0)));
    int laneCount = run(LANES, Tuple.tuple()).iterator().next().getInteger(0);
    return new Standing(held, replicas, laneCount);
  }

  @Override
  public Map<Lane, Long> take(String replicaId, int max, boolean own, long termMs) {
    Map<Lane, Long> taken = new TreeMap<>();
    for (Row row : run(TAKE, Tuple.of(replicaId, max, own, (double) termMs))) {
      taken.put(new Lane(row.getInteger(0)), row.getLong(1));
    }
    return taken;
  }

  @Override
  public void release(Map<Lane, Long> owned) {
    run(RELEASE, epochs(owned));
  }

  @Override
  public void leave(String replicaId) {
    run(LEAVE, Tuple.of(replicaId));
  }

  private static Tuple epochs(Map<Lane, Long> owned) {
    return Columns.of(new TreeMap<>(owned).entrySet())
        .integer(entry -> entry.getKey().number())
        .bigint(Map.Entry::getValue)
        .tuple();
  }

  private RowSet<Row> run(String sql, Tuple parameters) {
    Future<RowSet<Row>> future = pool.preparedQuery(sql).execute(parameters);
    return Failures.await(future);
  }
}
