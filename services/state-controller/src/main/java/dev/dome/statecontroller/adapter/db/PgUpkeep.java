package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.Labels;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.statecontroller.application.Command;
import dev.dome.statecontroller.application.InboxCursor;
import dev.dome.statecontroller.application.ReadyTask;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the housekeeping of owned lanes asks now and then. */
public final class PgUpkeep {
  private static final String CURSORS =
      "SELECT lane, inbox_incarnation, inbox_sequence FROM lane_cursor";

  /** Running, and nothing will ever move it: no ready task, no live lease, no delay under way. */
  private static final String STUCK =
      """
      SELECT r.run_uid FROM run r
      WHERE r.lane = ANY($1) AND NOT r.is_final AND NOT r.paused AND r.status = 'RUNNING'
        AND r.changed_at_ms < $2
        AND NOT EXISTS (SELECT FROM lease l WHERE l.run_uid = r.run_uid AND l.lane = r.lane
          AND l.ended_at_ms IS NULL)
        AND NOT EXISTS (SELECT FROM task t WHERE t.run_uid = r.run_uid AND t.status = 'QUEUED'
          AND (t.assigned OR (t.state::json ->> 'retry_due_at_ms')::bigint > $2))
      ORDER BY r.changed_at_ms LIMIT 100
      """;

  /** Waits for the end of a delay that ended long ago. */
  private static final String OVERDUE =
      """
      SELECT t.lane, t.run_uid, t.task_id, t.attempt
      FROM run r JOIN task t ON t.run_uid = r.run_uid
      WHERE r.lane = ANY($1) AND NOT r.is_final AND t.status = 'QUEUED' AND NOT t.assigned
        AND (t.state::json ->> 'retry_due_at_ms')::bigint < $2
      ORDER BY r.changed_at_ms LIMIT 1000
      """;

  private static final String WAITING =
      """
      SELECT t.lane, t.run_uid, t.task_id, t.namespace, t.queue, t.priority, r.created_at_ms,
        t.state::json -> 'plan' ->> 'payload_digest', t.state::json -> 'plan' ->> 'requires'
      FROM task t JOIN run r ON r.run_uid = t.run_uid
      WHERE t.lane = ANY($1) AND t.status = 'QUEUED' AND t.assigned AND NOT r.is_final
        AND NOT r.paused AND r.changed_at_ms < $2
      ORDER BY r.changed_at_ms LIMIT 1000
      """;

  private static final String UNOWNED = "SELECT count(*) FROM lane WHERE expires_at < now()";

  private final Pool pool;

  public PgUpkeep(Pool pool) {
    this.pool = pool;
  }

  /** How far the inbox of every lane of this database is applied, as committed. */
  public Map<Lane, InboxCursor> cursors() {
    Map<Lane, InboxCursor> cursors = new TreeMap<>();
    for (Row row : run(CURSORS, Tuple.tuple())) {
      cursors.put(new Lane(row.getInteger(0)), new InboxCursor(row.getString(1), row.getLong(2)));
    }
    return cursors;
  }

  /** Lanes that no replica holds right now. */
  public long lanesUnowned() {
    return run(UNOWNED, Tuple.tuple()).iterator().next().getLong(0);
  }

  /** Runs unchanged since a time that nothing will move. */
  public List<RunUid> stuck(Collection<Lane> lanes, long beforeMs) {
    List<RunUid> stuck = new ArrayList<>();
    run(STUCK, lanes(lanes).addLong(beforeMs))
        .forEach(row -> stuck.add(new RunUid(row.getString(0))));
    return stuck;
  }

  /** Tasks whose delay was over before a time and that nothing has woken since. */
  public List<Command.RetryOverdue> overdue(Collection<Lane> lanes, long beforeMs) {
    List<Command.RetryOverdue> overdue = new ArrayList<>();
    for (Row row : run(OVERDUE, lanes(lanes).addLong(beforeMs))) {
      overdue.add(
          new Command.RetryOverdue(
              new Lane(row.getInteger(0)),
              new RunUid(row.getString(1)),
              new TaskId(row.getString(2)),
              row.getInteger(3)));
    }
    return overdue;
  }

  /** Ready tasks of runs unchanged since a time, which the ready index must hold. */
  public List<ReadyTask> waiting(Collection<Lane> lanes, long beforeMs) {
    List<ReadyTask> waiting = new ArrayList<>();
    run(WAITING, lanes(lanes).addLong(beforeMs)).forEach(row -> waiting.add(readyTask(row)));
    return waiting;
  }

  static ReadyTask readyTask(Row row) {
    return ReadyTask.of(
        new Lane(row.getInteger(0)),
        new RunUid(row.getString(1)),
        new TaskId(row.getString(2)),
        new NamespaceId(row.getString(3)),
        new QueueName(row.getString(4)),
        Labels.ofJson(row.getString(8)),
        row.getInteger(5),
        row.getLong(6),
        row.getString(7));
  }

  private static Tuple lanes(Collection<Lane> lanes) {
    return Columns.of(lanes).integer(Lane::number).tuple();
  }

  private RowSet<Row> run(String sql, Tuple parameters) {
    return Failures.await(pool.preparedQuery(sql).execute(parameters));
  }
}
