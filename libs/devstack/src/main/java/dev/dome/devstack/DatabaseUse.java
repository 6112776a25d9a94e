package dev.dome.devstack;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What the database of a local stack has done since it was started. */
public final class DatabaseUse {
  private static final String COMMITS =
      "SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = current_database()";

  private static final String UNSIGNED =
      """
      SELECT (SELECT count(*) FROM provenance.completed_run WHERE NOT settled)
        + (SELECT count(*) FROM provenance.unsealed)
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

  private static long number(Path directory, StackState state, String query) {
    var admin =
        LocalDatabase.of(directory, state)
            .orElseThrow(() -> new DevstackException("the database is not the stack's own"));
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new DevstackException("the database cannot be asked", e);
    }
  }
}
