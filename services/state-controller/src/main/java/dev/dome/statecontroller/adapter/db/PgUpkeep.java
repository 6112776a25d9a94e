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

  /** Rows a slice looks at; what a pass costs does not depend on how many there are. */
  private static final int SLICE = 1_000;

  /** Running, and nothing will ever move it: no ready task, no live lease, no delay under way. */
  private static final String RUNS =
      """
      WITH slice AS MATERIALIZED (
        SELECT r.lane, r.run_uid, r.paused, r.status, r.changed_at_ms FROM run r
        WHERE r.lane = ANY($1) AND NOT r.is_final AND (r.lane, r.run_uid) > ($3, $4)
        ORDER BY r.lane, r.run_uid LIMIT $5)
      SELECT s.lane, s.run_uid, NOT s.paused AND s.status = 'RUNNING' AND s.changed_at_ms < $2
        AND NOT EXISTS (SELECT FROM lease l WHERE l.run_uid = s.run_uid AND l.lane = s.lane
          AND l.ended_at_ms IS NULL)
        AND NOT EXISTS (SELECT FROM task t WHERE t.lane = s.lane AND t.run_uid = s.run_uid
          AND t.status = 'QUEUED'
          AND (t.assigned OR (t.state::json ->> 'retry_due_at_ms')::bigint > $2))
      FROM slice s ORDER BY s.lane, s.run_uid
      """;

  /** Queued tasks: whether each is long ready, and whether its delay ended long ago. */
  private static final String TASKS =
      """
      WITH slice AS MATERIALIZED (
        SELECT t.lane, t.run_uid, t.task_id, t.namespace, t.queue, t.priority, t.attempt,
          t.assigned, t.state::json AS state
        FROM task t
        WHERE t.lane = ANY($1) AND t.status = 'QUEUED'
          AND (t.lane, t.run_uid, t.task_id) > ($3, $4, $5)
        ORDER BY t.lane, t.run_uid, t.task_id LIMIT $6)
      SELECT s.lane, s.run_uid, s.task_id, s.namespace, s.queue, s.priority, r.created_at_ms,
        s.state -> 'plan' ->> 'payload_digest', s.state -> 'plan' ->> 'requires', s.attempt,
        s.assigned AND NOT r.is_final AND NOT r.paused AND r.changed_at_ms < $2,
        NOT s.assigned AND NOT r.is_final AND (s.state ->> 'retry_due_at_ms')::bigint < $2
      FROM slice s JOIN run r ON r.run_uid = s.run_uid
      ORDER BY s.lane, s.run_uid, s.task_id
      """;

  private static final String UNOWNED = "SELECT count(*) FROM lane WHERE expires_at < now()";

  private final Pool pool;

  /** Where a sweep stands: slices follow one another in the order of their keys. */
  public record Key(int lane, String runUid, String taskId) {
    /** Before everything. */
    public static final Key FIRST = new Key(-1, "", "");
  }

  /**
   * What a part of a sweep found.
   *
   * @param next where to go on; {@link Key#FIRST} when the sweep is through
   */
  public record Slice<T>(List<T> found, Key next) {}

  /** A queued task that ought to have been heard of. */
  public sealed interface Waiting {
    /** Ready, in a run that has long been unchanged: the ready index must hold it. */
    record Ready(ReadyTask task) implements Waiting {}

    /** Its delay is long over, and nothing has woken it. */
    record Overdue(Command.RetryOverdue retry) implements Waiting {}
  }

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

  /**
   * Looks at the open runs after a key.
   *
   * @param beforeMs what changed later is left alone
   */
  public Slice<RunUid> stuck(Collection<Lane> lanes, long beforeMs, Key after) {
    List<RunUid> stuck = new ArrayList<>();
    Key last = Key.FIRST;
    int rows = 0;
    Tuple parameters =
        lanes(lanes).addLong(beforeMs).addInteger(after.lane).addString(after.runUid);
    for (Row row : run(RUNS, parameters.addInteger(SLICE))) {
      last = new Key(row.getInteger(0), row.getString(1), "");
      rows++;
      if (Boolean.TRUE.equals(row.getBoolean(2))) {
        stuck.add(new RunUid(last.runUid));
      }
    }
    return new Slice<>(stuck, rows < SLICE ? Key.FIRST : last);
  }

  /**
   * Looks at the queued tasks after a key.
   *
   * @param beforeMs what changed, or was due, later is left alone
   */
  public Slice<Waiting> waiting(Collection<Lane> lanes, long beforeMs, Key after) {
    List<Waiting> waiting = new ArrayList<>();
    Key last = Key.FIRST;
    int rows = 0;
    Tuple parameters =
        lanes(lanes)
            .addLong(beforeMs)
            .addInteger(after.lane)
            .addString(after.runUid)
            .addString(after.taskId);
    for (Row row : run(TASKS, parameters.addInteger(SLICE))) {
      last = new Key(row.getInteger(0), row.getString(1), row.getString(2));
      rows++;
      if (Boolean.TRUE.equals(row.getBoolean(10))) {
        waiting.add(new Waiting.Ready(readyTask(row)));
      } else if (Boolean.TRUE.equals(row.getBoolean(11))) {
        waiting.add(new Waiting.Overdue(overdue(last, row.getInteger(9))));
      }
    }
    return new Slice<>(waiting, rows < SLICE ? Key.FIRST : last);
  }

  private static Command.RetryOverdue overdue(Key key, int attempt) {
    return new Command.RetryOverdue(
        new Lane(key.lane), new RunUid(key.runUid), new TaskId(key.taskId), attempt);
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
