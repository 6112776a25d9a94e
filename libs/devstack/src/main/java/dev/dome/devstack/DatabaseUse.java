package dev.dome.devstack;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What the database of a local stack has done since it was started. */
public final class DatabaseUse {
  private static final String COMMITS =
      "SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = current_database()";

  private DatabaseUse() {}

  /**
   * Transactions that were committed, those of its own upkeep among them.
   *
   * @param directory of the stack
   * @throws DevstackException when the stack's database is somebody else's, or does not answer
   */
  public static long commits(Path directory, StackState state) {
    var admin =
        LocalDatabase.of(directory, state)
            .orElseThrow(() -> new DevstackException("the database is not the stack's own"));
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(COMMITS)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new DevstackException("the database cannot be asked", e);
    }
  }
}
