package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.BreakerSteering;
import dev.dome.statecontroller.application.Store;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What each lane was told of breakers, and whom it has yet to tell. */
final class PgBreakers {
  static final String READ =
      """
      SELECT lane, namespace, key, version, phase, since_ms, until_ms, probes, told_up_to,
        steering
      FROM lane_breaker WHERE lane = ANY($1)
      """;
  static final String WRITE =
      """
      INSERT INTO lane_breaker (lane, namespace, key, version, phase, since_ms, until_ms, probes,
        told_up_to, steering)
      SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[],
        $6::bigint[], $7::bigint[], $8::int[], $9::text[], $10::text[])
      ON CONFLICT (lane, namespace, key) DO UPDATE SET version = excluded.version,
        phase = excluded.phase, since_ms = excluded.since_ms, until_ms = excluded.until_ms,
        probes = excluded.probes, told_up_to = excluded.told_up_to, steering = excluded.steering
      """;

  /** A breaker of a key may guard any task that names keys; the kernel looks closer. */
  private static final String GUARDED =
      """
      SELECT r.run_uid FROM run r
      WHERE r.lane = $1 AND NOT r.is_final AND r.namespace = $2 AND r.run_uid > $3
        AND EXISTS (SELECT FROM task t WHERE t.run_uid = r.run_uid
          AND t.status IN ('QUEUED', 'CLAIMED', 'RUNNING')
          AND (('queue:' || t.queue) = $4
            OR $4 LIKE 'key:%' AND t.state::json #>> '{plan,breaker_keys}' <> '[]'))
      ORDER BY r.run_uid LIMIT $5
      """;

  private PgBreakers() {}

  static List<RunUid> guarded(SqlConnection connection, Store.LaneBreaker breaker, int max) {
    Tuple parameters =
        Tuple.of(
            breaker.lane().number(),
            breaker.namespace().value(),
            breaker.toldUpTo(),
            breaker.breaker().key().value(),
            max);
    List<RunUid> runs = new ArrayList<>();
    Failures.await(connection.preparedQuery(GUARDED).execute(parameters))
        .forEach(row -> runs.add(new RunUid(row.getString(0))));
    return runs;
  }

  static Store.LaneBreaker breaker(Row row) {
    return new Store.LaneBreaker(
        new Lane(row.getInteger(0)),
        new NamespaceId(row.getString(1)),
        new BreakerSnapshot(
            new BreakerKey(row.getString(2)),
            row.getLong(3),
            BreakerPhase.valueOf(row.getString(4)),
            row.getLong(5),
            row.getLong(6),
            row.getInteger(7),
            steering(row.getString(9))),
        row.getString(8));
  }

  private static BreakerSteering steering(String json) {
    return json == null
        ? null
        : Json.read(json.getBytes(StandardCharsets.UTF_8), BreakerSteering.class);
  }

  private static String text(BreakerSteering steering) {
    return steering == null ? null : new String(Json.write(steering), StandardCharsets.UTF_8);
  }

  static Tuple columns(Collection<Store.LaneBreaker> rows) {
    Tuple columns =
        Columns.of(rows)
            .integer(row -> row.lane().number())
            .text(row -> row.namespace().value())
            .text(row -> row.breaker().key().value())
            .bigint(row -> row.breaker().version())
            .text(row -> row.breaker().phase().name())
            .bigint(row -> row.breaker().sinceMs())
            .tuple();
    columns.addValue(rows.stream().map(row -> row.breaker().untilMs()).toArray(Long[]::new));
    columns.addValue(rows.stream().map(row -> row.breaker().probes()).toArray(Integer[]::new));
    columns.addValue(rows.stream().map(Store.LaneBreaker::toldUpTo).toArray(String[]::new));
    return columns.addValue(
        rows.stream().map(row -> text(row.breaker().steering())).toArray(String[]::new));
  }
}
