package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.statecontroller.application.LimitKey;
import dev.dome.statecontroller.application.Rate;
import dev.dome.statecontroller.application.Store;
import dev.dome.statecontroller.application.TaskLimit;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The limits of every namespace, and what is taken of them. */
final class PgLimits {
  /** No row when the version is the known one; a version without limits has one row of nulls. */
  static final String CHANGED =
      """
      SELECT v.version, l.namespace, l.name, l.max_concurrent, l.rate_permits, l.rate_per_seconds,
        l.rate_burst
      FROM limit_version v LEFT JOIN task_limit l ON true WHERE v.version <> $1
      """;

  static final String PERMITS =
      """
      INSERT INTO permit (namespace, key, slot, attempt_id)
      SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[])
      """;

  static final String RATES =
      """
      INSERT INTO rate (namespace, name, tat_us)
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
      ON CONFLICT (namespace, name) DO UPDATE SET tat_us = excluded.tat_us
      """;

  /** In the order of the locks, so that transactions that want the same limits do not deadlock. */
  private static final String HOLD =
      """
      SELECT pg_advisory_xact_lock(k.id) FROM (
        SELECT DISTINCT limit_lock(n.namespace, n.key) AS id
        FROM unnest($1::text[], $2::text[]) AS n(namespace, key) ORDER BY id) AS k
      """;

  /**
   * A statement of its own, so that it sees what those wrote whom {@link #HOLD} waited for. The
   * clock is the server's, which all replicas share.
   */
  private static final String TAKEN =
      """
      SELECT n.namespace, n.key,
        ARRAY(SELECT p.slot FROM permit p WHERE p.namespace = n.namespace AND p.key = n.key
          AND p.attempt_id <> ALL ($3::text[])),
        coalesce((SELECT r.tat_us FROM rate r
          WHERE r.namespace = n.namespace AND r.name = n.key), 0),
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
      FROM unnest($1::text[], $2::text[]) AS n(namespace, key)
      """;

  private PgLimits() {}

  /** One wait for both statements. */
  static Store.Usage usage(SqlConnection connection, Set<LimitKey> limits, Set<AttemptId> ended) {
    Future<RowSet<Row>> held = connection.preparedQuery(HOLD).execute(names(limits).tuple());
    Tuple parameters = names(limits).tuple();
    parameters.addValue(ended.stream().map(AttemptId::value).toArray(String[]::new));
    Future<RowSet<Row>> taken = connection.preparedQuery(TAKEN).execute(parameters);
    Failures.await(held);
    Map<LimitKey, Store.Taken> found = new HashMap<>();
    long nowUs = 0;
    for (Row row : Failures.await(taken)) {
      LimitKey limit = new LimitKey(new NamespaceId(row.getString(0)), row.getString(1));
      found.put(limit, new Store.Taken(Set.of(row.getArrayOfIntegers(2)), row.getLong(3)));
      nowUs = row.getLong(4);
    }
    return new Store.Usage(nowUs, found);
  }

  private static Columns<LimitKey> names(Collection<LimitKey> limits) {
    return Columns.of(limits).text(limit -> limit.namespace().value()).text(LimitKey::key);
  }

  /** What {@link #CHANGED} found; null when nothing did. */
  static Store.KnownLimits known(Iterable<Row> rows) {
    Long version = null;
    List<TaskLimit> limits = new ArrayList<>();
    for (Row row : rows) {
      version = row.getLong(0);
      if (row.getString(1) != null) {
        limits.add(limit(row));
      }
    }
    return version == null ? null : new Store.KnownLimits(version, limits);
  }

  private static TaskLimit limit(Row row) {
    Rate rate =
        row.getInteger(4) == null
            ? null
            : new Rate(row.getInteger(4), row.getInteger(5), row.getInteger(6));
    return new TaskLimit(
        new NamespaceId(row.getString(1)),
        new LimitName(row.getString(2)),
        row.getInteger(3),
        rate);
  }

  static Tuple permits(Collection<Store.Permit> permits) {
    return Columns.of(permits)
        .text(permit -> permit.limit().namespace().value())
        .text(permit -> permit.limit().key())
        .integer(Store.Permit::slot)
        .text(permit -> permit.attemptId().value())
        .tuple();
  }

  static Tuple rates(Collection<Store.RateUse> rates) {
    return Columns.of(rates)
        .text(use -> use.limit().namespace().value())
        .text(use -> use.limit().key())
        .bigint(Store.RateUse::tatUs)
        .tuple();
  }
}
