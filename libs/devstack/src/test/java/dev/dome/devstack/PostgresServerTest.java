package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.migrations.Database;
import dev.dome.migrations.Migrations;
import dev.dome.migrations.ServiceSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresServerTest {
  private Path directory;
  private PostgresServer server;

  @BeforeAll
  void start(@TempDir Path empty) {
    directory = empty;
    server = PostgresServer.start(PostgresServer.Options.in(directory));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void committedRowsSurviveKill9() throws Exception {
    execute(server.admin(), "CREATE TABLE kept (n int)");
    execute(server.admin(), "INSERT INTO kept VALUES (42)");

    server.kill();
    server.restart();

    assertThat(query(server.admin(), "SELECT n FROM kept")).isEqualTo("42");
  }

  @Test
  void writesAreFsynced() throws Exception {
    assertThat(query(server.admin(), "SHOW fsync")).isEqualTo("on");
    assertThat(query(server.admin(), "SHOW synchronous_commit")).isEqualTo("on");
  }

  @Test
  void thePasswordIsPrivateAndNeededAndThePortIsLocal() throws Exception {
    var file = directory.resolve("admin-password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Listeners.of(server.pid())).isNotEmpty().allMatch(Listeners::isLoopback);
    var admin = server.admin();
    var stranger = new Database(admin.host(), admin.port(), admin.name(), admin.user(), "guess");

    assertThatThrownBy(() -> query(stranger, "SELECT 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void aRandomPasswordIsReckonedOncePerConnection() throws Exception {
    Migrations.migrate(server.admin(), Map.of(ServiceSchema.PROVENANCE, "random"));

    for (var role : List.of(PostgresServer.ADMIN, ServiceSchema.PROVENANCE.role())) {
      assertThat(
              query(
                  server.admin(),
                  "SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'"))
          .startsWith("SCRAM-SHA-256$1:");
    }
  }

  @Test
  void aServiceUsesItsOwnRowsAndNothingElse() throws Exception {
    Migrations.migrate(server.admin(), Map.of(ServiceSchema.STATE_CONTROLLER, "it's a 'password'"));
    // A second run changes nothing, and keeps the password that it is not given.
    Migrations.migrate(server.admin(), Map.of());
    var admin = server.admin();
    var service =
        new Database(
            admin.host(),
            admin.port(),
            admin.name(),
            ServiceSchema.STATE_CONTROLLER.role(),
            "it's a 'password'");

    assertThat(query(service, "SELECT count(*) FROM lane")).isEqualTo("16");
    assertRefused(service, "CREATE TABLE mine (n int)");
    assertRefused(service, "DROP TABLE lane");
    assertRefused(service, "SELECT * FROM flyway_schema_history");
    assertRefused(service, "CREATE TABLE retry_scheduler.mine (n int)");
    assertRefused(service, "CREATE SCHEMA mine");
    assertRefused(service, "CREATE TABLE public.mine (n int)");
    assertRefused(service, "CREATE TEMPORARY TABLE mine (n int)");
  }

  @Test
  void theAuditCanBeAddedToAndReadButNeverChanged() throws Exception {
    Migrations.migrate(server.admin(), Map.of(ServiceSchema.AUDIT_EXPORT, "guessed"));
    var admin = server.admin();
    var audit =
        new Database(
            admin.host(), admin.port(), admin.name(), ServiceSchema.AUDIT_EXPORT.role(), "guessed");
    execute(
        audit,
        """
        INSERT INTO audit_record (log_index, kind, namespace, at_ms, reason_codes, document,
          incarnation, stream_sequence, ordinal, service)
        VALUES (0, 'ACCESS', 'ours', 1, '', '{}', 'first', 1, 0, 'ingest')
        """);

    assertThat(query(audit, "SELECT count(*) FROM audit_record")).isEqualTo("1");
    assertRefused(audit, "UPDATE audit_record SET actor = 'somebody else'");
    assertRefused(audit, "DELETE FROM audit_record");
    assertRefused(audit, "TRUNCATE audit_record");
    assertRefused(audit, "ALTER TABLE audit_record DROP COLUMN actor");
    assertRefused(audit, "DROP TABLE audit_record");
    assertRefused(audit, "DELETE FROM log_head");
    execute(audit, "UPDATE log_head SET size = size + 1");
    execute(audit, "UPDATE access_cursor SET sequence = 1");
  }

  @Test
  void a_job_of_an_older_release_leaves_a_newer_schema_as_it_is() throws Exception {
    Migrations.migrate(server.admin(), Map.of());
    execute(server.admin(), "ALTER TABLE provenance.replay ADD COLUMN later text");
    execute(
        server.admin(),
        """
        INSERT INTO provenance.flyway_schema_history
          (installed_rank, version, description, type, script, installed_by, execution_time, success)
        VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 'a later release', 1, true)
        """);

    Migrations.migrate(server.admin(), Map.of());

    assertThat(query(server.admin(), "SELECT count(later) FROM provenance.replay")).isEqualTo("0");
    assertThat(
            query(
                server.admin(),
                "SELECT count(*) FROM provenance.flyway_schema_history WHERE version = '99'"))
        .isEqualTo("1");
  }

  private static void assertRefused(Database who, String sql) {
    assertThatThrownBy(() -> execute(who, sql))
        .as(sql)
        .isInstanceOf(SQLException.class)
        .hasMessageMatching("(?s).*(permission denied|must be owner).*");
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(Database database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection connect(Database database) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }
}
