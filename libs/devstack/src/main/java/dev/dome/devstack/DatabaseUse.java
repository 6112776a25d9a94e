package dev.dome.devstack;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** What the database of a local stack has done since it was started. */
public final class DatabaseUse {
  private static final String COMMITS =
      "SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = current_database()";

  private static final String UNSIGNED =
      """
      SELECT (SELECT count(*) FROM provenance.completed_run WHERE NOT settled)
        + (SELECT count(*) FROM provenance.unsealed)
      """;

  private static final String BEHIND =
      """
      WITH reader AS (
        SELECT 'audit-export' AS service, lane, position FROM audit_export.lane_cursor
        UNION ALL SELECT 'provenance', lane, position FROM provenance.lane_cursor
        UNION ALL SELECT 'retry-scheduler', lane, position FROM retry_scheduler.lane_cursor)
      SELECT service, sum(journal.position - coalesce(reader.position, 0))
      FROM state_controller.lane_cursor AS journal
      CROSS JOIN unnest(ARRAY['audit-export', 'provenance', 'retry-scheduler']) AS one (service)
      LEFT JOIN reader USING (service, lane)
      GROUP BY service
      """;

  private DatabaseUse() {}

  /**
   * Transactions that were committed, those of its own upkeep among them.
   *
   * @param directory of the stack
   * @throws DevstackException when the stack's database is somebody else's, or does not answer
   */
  public static long commits(Path directory, StackState state) {
    return number(directory, state, COMMITS);
  }

  /** Runs without a manifest and what has no statements yet; throws as {@link #commits}. */
  public static long unsigned(Path directory, StackState state) {
    return number(directory, state, UNSIGNED);
  }

  /**
   * Rows of the journal that each service that reads it has not applied yet, by service; throws as
   * {@link #commits}.
   */
  public static Map<String, Long> rowsBehind(Path directory, StackState state) {
    return asked(
        directory,
        state,
        BEHIND,
        rows -> {
          Map<String, Long> behind = new TreeMap<>();
          while (rows.next()) {
            behind.put(rows.getString(1), rows.getLong(2));
          }
          return behind;
        });
  }

  private static long number(Path directory, StackState state, String query) {
    return asked(
        directory,
        state,
        query,
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  private interface Reading<T> {
    T of(ResultSet rows) throws SQLException;
  }

  private static <T> T asked(Path directory, StackState state, String query, Reading<T> reading) {
    var admin =
        LocalDatabase.of(directory, state)
            .orElseThrow(() -> new DevstackException("the database is not the stack's own"));
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return reading.of(rows);
    } catch (SQLException e) {
      throw new DevstackException("the database cannot be asked", e);
    }
  }
}
