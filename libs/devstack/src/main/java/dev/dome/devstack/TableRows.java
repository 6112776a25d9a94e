package dev.dome.devstack;

import dev.dome.migrations.Database;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many rows every table of the services has. */
public final class TableRows {
  private static final String TABLES =
      """
      SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'public')
       ORDER BY 1
      """;

  private TableRows() {}

  /**
   * Counts them.
   *
   * @param admin may read every schema
   * @return by {@code schema.table}
   * @throws DevstackException when the database does not answer
   */
  public static Map<String, Long> now(Database admin) {
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement()) {
      Map<String, Long> rows = new TreeMap<>();
      for (var table : tables(statement)) {
        try (var counted = statement.executeQuery("SELECT count(*) FROM " + table)) {
          counted.next();
          rows.put(table, counted.getLong(1));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new DevstackException("the tables cannot be counted", e);
    }
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (var found = statement.executeQuery(TABLES)) {
      while (found.next()) {
        tables.add(found.getString(1));
      }
    }
    return tables;
  }
}
