package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.statecontroller.application.JournalTable;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The journal as an outbox, in the tables journal and journal_publication. */
public final class PgJournalTable implements JournalTable {
  private static final String PUBLISHED =
      "SELECT lane, incarnation, position, rewind FROM journal_publication WHERE lane = ANY($1)";

  /** A page by rows, of which as many are kept as the bytes allow, and the first always. */
  private static final String AFTER =
      """
      SELECT run_uid, namespace, lane, lane_position, kind, envelope, prev_hash, hash
      FROM (
        SELECT page.*, sum(octet_length(envelope)) OVER (ORDER BY lane_position)
          - octet_length(envelope) AS bytes_before
        FROM (SELECT * FROM journal WHERE lane = $1 AND lane_position > $2
          ORDER BY lane_position LIMIT $3) AS page) AS sized
      WHERE bytes_before < $4 ORDER BY lane_position
      """;

  private static final String RECORD =
      """
      UPDATE journal_publication p SET incarnation = n.incarnation, position = n.position
      FROM unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[])
        AS n(lane, incarnation, position, rewind)
      WHERE p.lane = n.lane AND p.rewind = n.rewind AND (p.incarnation <> n.incarnation OR p.position < n.position)
      """;

  private static final long MAX_BYTES = 4L << 20;

  private final Pool pool;

  public PgJournalTable(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Map<Lane, Published> published(Collection<Lane> lanes) {
    Map<Lane, Published> published = new HashMap<>();
    for (Row row : run(PUBLISHED, Columns.of(lanes).integer(Lane::number).tuple())) {
      published.put(
          new Lane(row.getInteger(0)),
          new Published(row.getString(1), row.getLong(2), row.getLong(3)));
    }
    return published;
  }

  @Override
  public List<JournalRow> after(Lane lane, long position, int max) {
    List<JournalRow> rows = new ArrayList<>();
    run(AFTER, Tuple.of(lane.number(), position, (long) max, MAX_BYTES))
        .forEach(row -> rows.add(read(row)));
    return rows;
  }

  private static JournalRow read(Row row) {
    return new JournalRow(
        new RunUid(row.getString(0)),
        new NamespaceId(row.getString(1)),
        new Lane(row.getInteger(2)),
        row.getLong(3),
        JournalEntry.Kind.valueOf(row.getString(4)),
        Json.read(row.getString(5).getBytes(StandardCharsets.UTF_8), EventEnvelope.class),
        row.getString(6),
        row.getString(7));
  }

  @Override
  public void record(Map<Lane, Published> progress) {
    run(
        RECORD,
        Columns.of(progress.entrySet())
            .integer(entry -> entry.getKey().number())
            .text(entry -> entry.getValue().incarnation())
            .bigint(entry -> entry.getValue().position())
            .bigint(entry -> entry.getValue().rewind())
            .tuple());
  }

  private RowSet<Row> run(String sql, Tuple parameters) {
    return Failures.await(pool.preparedQuery(sql).execute(parameters));
  }
}
