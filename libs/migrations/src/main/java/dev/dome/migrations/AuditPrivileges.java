package dev.dome.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Who may do what in the audit's schema. The service's role adds and reads; what it changes besides
 * it changes by functions that record it. Removing is a function's too, which another role may
 * call: the service is a member of it but has its rights only where it asks for them by name, so
 * that no query that was not meant to purges.
 */
final class AuditPrivileges {
  /** May do nothing but call the function that purges what has expired. */
  static final String PURGE_ROLE = "dome_audit_purge";

  private static final String SCHEMA = ServiceSchema.AUDIT_EXPORT.schema();
  private static final String ROLE = ServiceSchema.AUDIT_EXPORT.role();

  private static final List<String> ADDED_TO = List.of("lane_cursor", "audit_record");
  private static final List<String> UPDATED = List.of("lane_cursor", "access_cursor", "log_head");
  private static final List<String> CALLED =
      List.of(
          "place(text[], text[], text[], bigint[])",
          "settle(integer)",
          "set_namespace_class(text, text, text)",
          "place_hold(text, text, text, text, text, text)",
          "release_hold(text, text, text, text)",
          "purgeable()",
          "purgeable_within(bigint)");
  private static final String PURGE = "purge(text, integer, text, text, text)";

  private AuditPrivileges() {}

  /** Before the scripts, which name neither role, and again for a database that was put back. */
  static void createRoles(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN
              CREATE ROLE %1$s NOLOGIN;
            END IF;
          END $$
          """
              .formatted(PURGE_ROLE));
    }
  }

  /** After the scripts. What an earlier version granted goes first. */
  static void grant(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("REVOKE ALL ON ALL TABLES IN SCHEMA " + SCHEMA + " FROM " + ROLE);
      statement.execute("REVOKE ALL ON ALL TABLES IN SCHEMA " + SCHEMA + "_parts FROM " + ROLE);
      statement.execute(
          "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA " + SCHEMA + " FROM PUBLIC, " + ROLE);
      statement.execute("GRANT SELECT ON ALL TABLES IN SCHEMA " + SCHEMA + " TO " + ROLE);
      for (String table : ADDED_TO) {
        statement.execute("GRANT INSERT ON " + SCHEMA + "." + table + " TO " + ROLE);
      }
      for (String table : UPDATED) {
        statement.execute("GRANT UPDATE ON " + SCHEMA + "." + table + " TO " + ROLE);
      }
      for (String function : CALLED) {
        statement.execute("GRANT EXECUTE ON FUNCTION " + SCHEMA + "." + function + " TO " + ROLE);
      }
      statement.execute("GRANT USAGE ON SCHEMA " + SCHEMA + " TO " + PURGE_ROLE);
      statement.execute("GRANT EXECUTE ON FUNCTION " + SCHEMA + "." + PURGE + " TO " + PURGE_ROLE);
      statement.execute(
          "GRANT " + PURGE_ROLE + " TO " + ROLE + " WITH INHERIT FALSE, SET TRUE, ADMIN FALSE");
    }
  }
}
