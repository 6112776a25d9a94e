package dev.dome.devstack;

import dev.dome.migrations.Database;
import dev.dome.migrations.ServiceSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a service's role in PostgreSQL can do that it must not, found by trying. */
public final class RolePrivileges {
  private static final String PERMISSION_DENIED = "42501";

  private RolePrivileges() {}

  /**
   * One thing that was tried.
   *
   * @param refused whether the server said that it is not permitted
   */
  public record Attempt(String role, String statement, boolean refused) {}

  /**
   * Reads every table of every other schema, and changes what the audit has recorded, as each
   * service's role. Nothing is changed: what is not refused is rolled back.
   *
   * @param admin who may see which tables there are
   * @throws DevstackException when the database cannot be entered
   */
  public static List<Attempt> tried(Database admin, Map<ServiceSchema, String> passwords) {
    List<Attempt> attempts = new ArrayList<>();
    try {
      Map<ServiceSchema, List<String>> tables = tables(admin);
      for (ServiceSchema own : ServiceSchema.values()) {
        try (Connection connection =
            DriverManager.getConnection(admin.jdbcUrl(), own.role(), passwords.get(own))) {
          connection.setAutoCommit(false);
          for (String statement : forbidden(own, tables)) {
            attempts.add(new Attempt(own.role(), statement, isRefused(connection, statement)));
          }
        }
      }
      return attempts;
    } catch (SQLException e) {
      throw new DevstackException("the database cannot be asked", e);
    }
  }

  private static List<String> forbidden(
      ServiceSchema own, Map<ServiceSchema, List<String>> tables) {
    List<String> statements = new ArrayList<>();
    tables.forEach((schema, names) -> {
      if (schema != own) {
        names.forEach(
            table -> statements.add("SELECT 1 FROM " + schema.schema() + "." + table + " LIMIT 1"));
      }
    });
    String records = ServiceSchema.AUDIT_EXPORT.schema() + ".audit_record";
    statements.add("DELETE FROM " + records);
    statements.add("UPDATE " + records + " SET document = document");
    statements.add("TRUNCATE " + records);
    statements.add("DROP TABLE " + records);
    statements.add("CREATE ROLE dome_intruder");
    return statements;
  }

  private static Map<ServiceSchema, List<String>> tables(Database admin) throws SQLException {
    Map<ServiceSchema, List<String>> tables = new EnumMap<>(ServiceSchema.class);
    try (Connection connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        Statement statement = connection.createStatement()) {
      for (ServiceSchema schema : ServiceSchema.values()) {
        List<String> names = new ArrayList<>();
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT tablename FROM pg_tables WHERE schemaname = '" + schema.schema() + "'")) {
          while (rows.next()) {
            names.add(rows.getString(1));
          }
        }
        tables.put(schema, names);
      }
    }
    return tables;
  }

  private static boolean isRefused(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return false;
    } catch (SQLException e) {
      if (PERMISSION_DENIED.equals(e.getSQLState())) {
        return true;
      }
      throw e;
    } finally {
      connection.rollback();
    }
  }
}
