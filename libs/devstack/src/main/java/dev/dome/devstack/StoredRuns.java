package dev.dome.devstack;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Final runs put into the state-controller's tables beside its API, as copies of one that was
 * really run, so that a million of them takes minutes. Of each there is what a lookup or a start
 * can come upon: the run, its tasks, its leases, its answers and its journal's last row. The rest
 * of its journal, of about 30 KB, is left out, and other services do not hear of it.
 */
public final class StoredRuns implements AutoCloseable {
  private static final int CHUNK = 20_000;
  private static final String NUMBERS =
      " CROSS JOIN generate_series(?::bigint, ?::bigint) AS n WHERE run.run_id = ?";

  /** Each takes the first number, the last number and the id of the run to copy. */
  private static final List<String> COPIES =
      List.of(
          copies("run", "run", "'run_id', 'stored-' || n, 'created_at_ms', run.created_at_ms - n"),
          copies("task", "task JOIN run USING (run_uid)", ""),
          copies(
              "lease",
              "lease JOIN run USING (run_uid)",
              "'attempt_id', 'att-' || md5(lease.attempt_id || n), 'claim_id', lease.claim_id || n"),
          copies(
              "journal",
              "run JOIN journal ON journal.run_uid = run.run_uid AND journal.sequence = run.sequence",
              // Before the first position, where no reader comes.
              "'lane_position', -n"),
          copies(
              "operation",
              "run JOIN operation ON operation.namespace = run.namespace"
                  + " AND operation.run_id = run.run_id",
              "'operation_id', md5(operation.operation_id || n), 'run_id', 'stored-' || n"),
          copies(
              "idempotency",
              "run JOIN operation ON operation.namespace = run.namespace"
                  + " AND operation.run_id = run.run_id JOIN idempotency"
                  + " ON idempotency.namespace = operation.namespace"
                  + " AND idempotency.operation_id = operation.operation_id",
              "'key', md5(idempotency.key || n), 'operation_id', md5(operation.operation_id || n)"));

  private final Connection connection;
  private final String template;
  private long stored;

  private StoredRuns(Connection connection, String template) {
    this.connection = connection;
    this.template = template;
  }

  /**
   * On the database of a local stack.
   *
   * @param directory of the stack
   * @param runId of the final run to copy
   * @throws DevstackException when the stack's database is somebody else's, or refuses
   */
  public static StoredRuns in(Path directory, StackState state, String runId) {
    var admin =
        LocalDatabase.of(directory, state)
            .orElseThrow(() -> new DevstackException("the database is not the stack's own"));
    try {
      Connection connection =
          DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET search_path TO state_controller; SET synchronous_commit TO off");
      }
      return new StoredRuns(connection, runId);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Adds copies until there are so many; what planners know of the tables is brought up to date.
   */
  public void fillTo(long count) {
    try (Statement statement = connection.createStatement()) {
      while (stored < count) {
        long last = Math.min(count, stored + CHUNK);
        for (String copy : COPIES) {
          insert(copy, stored + 1, last);
        }
        stored = last;
      }
      statement.execute("VACUUM (ANALYZE) run, task, lease, journal, operation, idempotency");
      statement.execute("CHECKPOINT");
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void insert(String copy, long first, long last) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(copy)) {
      insert.setLong(1, first);
      insert.setLong(2, last);
      insert.setString(3, template);
      if (insert.executeUpdate() == 0) {
        throw new IllegalStateException("there is nothing to copy: " + copy);
      }
    }
  }

  /** Every column as it is, but for the named ones. */
  private static String copies(String table, String from, String changed) {
    String uid =
        table.equals("operation") || table.equals("idempotency")
            ? ""
            : "'run_uid', md5(run.run_uid || n)";
    String separator = uid.isEmpty() || changed.isEmpty() ? "" : ", ";
    return "INSERT INTO %1$s SELECT (jsonb_populate_record(%1$s, jsonb_build_object(%2$s))).* FROM %3$s%4$s"
        .formatted(table, uid + separator + changed, from, NUMBERS);
  }

  private static DevstackException failed(SQLException e) {
    return new DevstackException("the database refused: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
