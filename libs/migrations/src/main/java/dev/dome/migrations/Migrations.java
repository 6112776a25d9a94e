package dev.dome.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.postgresql.Driver;

/**
 * Brings a database to the schemas of this version: one schema and one least-privilege role per
 * service. Running it again changes nothing.
 */
public final class Migrations {
  private Migrations() {}

  /** Creates the database unless it exists. */
  public static void createDatabase(Database admin, String name) {
    try (var connection = connect(admin.named("postgres"))) {
      if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
        execute(connection, "CREATE DATABASE " + quoted(connection, name));
      }
    } catch (SQLException e) {
      throw new MigrationException("cannot create database " + name + " at " + admin, e);
    }
  }

  /** As below, with the audit's retention classes as they are. */
  public static void migrate(Database admin, Map<ServiceSchema, String> passwords) {
    migrate(admin, passwords, new RetentionClasses(Map.of()));
  }

  /**
   * Migrates every schema.
   *
   * @param admin a user who may create schemas and roles
   * @param passwords of the services' roles; a schema without one keeps its role's password, or
   *     gets a role that cannot log in
   * @param retention how long the audit keeps what
   * @throws MigrationException when the database refuses; what was committed before stays
   */
  public static void migrate(
      Database admin, Map<ServiceSchema, String> passwords, RetentionClasses retention) {
    try (var connection = connect(admin)) {
      // Two jobs at once take turns; the lock goes with the connection.
      execute(connection, "SELECT pg_advisory_lock(hashtext('dome.migrations'))");
      execute(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC");
      execute(
          connection,
          "REVOKE ALL ON DATABASE " + quoted(connection, admin.name()) + " FROM PUBLIC");
      for (var schema : ServiceSchema.values()) {
        prepare(connection, schema);
        run(admin, schema);
        grant(connection, admin.name(), schema);
        if (passwords.containsKey(schema)) {
          setPassword(connection, schema, passwords.get(schema));
        }
      }
      retention.apply(connection);
    } catch (SQLException e) {
      throw new MigrationException("migration of " + admin + " failed", e);
    }
  }

  private static void prepare(Connection connection, ServiceSchema schema) throws SQLException {
    if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", schema.role())) {
      execute(connection, "CREATE ROLE " + schema.role());
    }
    if (schema == ServiceSchema.AUDIT_EXPORT) {
      AuditPrivileges.createRoles(connection);
    }
    execute(connection, "CREATE SCHEMA IF NOT EXISTS " + schema.schema());
  }

  private static void run(Database admin, ServiceSchema schema) {
    Flyway.configure()
        .dataSource(admin.jdbcUrl(), admin.user(), admin.password())
        .schemas(schema.schema())
        .defaultSchema(schema.schema())
        .createSchemas(false)
        .locations("classpath:db/" + schema.schema())
        .failOnMissingLocations(true)
        .validateMigrationNaming(true)
        .cleanDisabled(true)
        .load()
        .migrate();
  }

  /** Rows of its own schema, and nothing else: no DDL, no other schema, no migration history. */
  private static void grant(Connection connection, String database, ServiceSchema schema)
      throws SQLException {
    var role = schema.role();
    var name = schema.schema();
    execute(
        connection, "GRANT CONNECT ON DATABASE " + quoted(connection, database) + " TO " + role);
    execute(connection, "GRANT USAGE ON SCHEMA " + name + " TO " + role);
    grantRows(connection, schema);
    execute(connection, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA " + name + " TO " + role);
    execute(connection, "REVOKE ALL ON " + name + ".flyway_schema_history FROM " + role);
    execute(connection, "ALTER ROLE " + role + " SET search_path = " + name);
  }

  private static void grantRows(Connection connection, ServiceSchema schema) throws SQLException {
    switch (schema) {
      case STATE_CONTROLLER, RETRY_SCHEDULER, PROVENANCE ->
          execute(
              connection,
              "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
                  + schema.schema()
                  + " TO "
                  + schema.role());
      case AUDIT_EXPORT -> AuditPrivileges.grant(connection);
    }
  }

  private static void setPassword(Connection connection, ServiceSchema schema, String password)
      throws SQLException {
    // A role's password cannot be a bound parameter, so the server quotes the literal itself.
    try (var statement = connection.prepareStatement("SELECT quote_literal(?)")) {
      statement.setString(1, password);
      try (var rows = statement.executeQuery()) {
        rows.next();
        execute(connection, "ALTER ROLE " + schema.role() + " LOGIN PASSWORD " + rows.getString(1));
      }
    }
  }

  /** Asks the driver itself: DriverManager knows only drivers of the class loader it met first. */
  private static Connection connect(Database database) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", database.user());
    login.setProperty("password", database.password());
    return new Driver().connect(database.jdbcUrl(), login);
  }

  private static boolean exists(Connection connection, String query, String name)
      throws SQLException {
    try (var statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static String quoted(Connection connection, String identifier) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.enquoteIdentifier(identifier, true);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
