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

  /**
   * Changing and removing what was recorded, held or deleted, and saying when it may be deleted.
   */
  private static final List<String> OF_THE_AUDIT =
      List.of(
          "DELETE FROM audit_export.audit_record",
          "UPDATE audit_export.audit_record SET document = document",
          "TRUNCATE audit_export.audit_record",
          "DROP TABLE audit_export.audit_record",
          "ALTER TABLE audit_export.audit_record DETACH PARTITION audit_export_parts.standard",
          "SELECT 1 FROM audit_export_parts.audit_record",
          "DELETE FROM audit_export_parts.standard",
          "DROP TABLE audit_export_parts.standard",
          "CREATE TABLE audit_export_parts.mine (n int)",
          "INSERT INTO audit_export.audit_record"
              + " (log_index, kind, namespace, at_ms, reason_codes, document, sequence, prev_hash,"
              + " hash) VALUES (0, 'ADMIN', 'ours', 1, '', '{}', 1, '', '')",
          "DELETE FROM audit_export.legal_hold",
          "UPDATE audit_export.legal_hold SET released_at_ms = 1",
          "INSERT INTO audit_export.tombstone VALUES (0, 'ours', '', '', 1, '', '', '{}')",
          "DELETE FROM audit_export.tombstone",
          "DELETE FROM audit_export.run_retention",
          "UPDATE audit_export.retention_class SET days = 1",
          "INSERT INTO audit_export.namespace_retention VALUES ('ours', 0, 'standard', 'me')",
          "SELECT audit_export.set_class('standard', 1)",
          "SELECT audit_export.record_act('ours', NULL, 'me', 'audit.purged', '{}')",
          "SELECT audit_export.purge('standard', 202601, 'me', 'nobody', 'none')");

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
    statements.addAll(OF_THE_AUDIT);
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
