package dev.dome.auditexport;

import dev.dome.migrations.Database;
import dev.dome.testkit.TestStack;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;

/** The audit's schema as its administrator sees it: copied, put back and emptied as a whole. */
final class AuditDatabase {
  private static final List<String> TABLES =
      List.of("lane_cursor", "access_cursor", "log_head", "audit_record", "run_retention");

  private AuditDatabase() {}

  static void keepCopy() throws SQLException {
    try (Connection connection = connect()) {
      execute(connection, "DROP SCHEMA IF EXISTS audit_copy CASCADE");
      execute(connection, "CREATE SCHEMA audit_copy");
      for (String table : TABLES) {
        execute(connection, "CREATE TABLE audit_copy." + table + " AS TABLE audit_export." + table);
      }
    }
  }

  /** From one moment to the next the database is the copy. */
  static void putCopyBack() throws SQLException {
    replace("INSERT INTO audit_export.%1$s SELECT * FROM audit_copy.%1$s");
  }

  /** As after a migration of a new database. */
  static void empty() throws SQLException {
    replace("SELECT '%s'");
  }

  /** As the administrator, in a transaction of its own. */
  static void run(String sql) throws SQLException {
    try (Connection connection = connect()) {
      execute(connection, sql);
    }
  }

  /** Keeps everybody else from a table until it is closed. */
  static AutoCloseable holding(String table) throws SQLException {
    Connection connection = connect();
    connection.setAutoCommit(false);
    execute(connection, "LOCK TABLE " + table);
    return connection;
  }

  private static void replace(String content) throws SQLException {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      for (String table : TABLES) {
        execute(connection, "TRUNCATE audit_export." + table);
        execute(connection, content.formatted(table));
      }
      execute(
          connection,
          "INSERT INTO audit_export.access_cursor DEFAULT VALUES ON CONFLICT DO NOTHING");
      execute(
          connection, "INSERT INTO audit_export.log_head DEFAULT VALUES ON CONFLICT DO NOTHING");
      connection.commit();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect() throws SQLException {
    Database admin = TestStack.shared().postgres().admin();
    Properties login = new Properties();
    login.setProperty("user", admin.user());
    login.setProperty("password", admin.password());
    for (Driver driver : ServiceLoader.load(Driver.class)) {
      if (driver.acceptsURL(admin.jdbcUrl())) {
        return driver.connect(admin.jdbcUrl(), login);
      }
    }
    throw new IllegalStateException("no driver of PostgreSQL");
  }
}
