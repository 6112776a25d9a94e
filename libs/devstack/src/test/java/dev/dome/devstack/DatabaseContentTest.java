package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.migrations.Database;
import dev.dome.migrations.DatabaseContent;
import dev.dome.migrations.Migrations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseContentTest {
  private static final int OPERATIONS = 1_000;

  @TempDir Path directory;

  @Test
  void everyTextAndEveryByteStringIsReadAndCursorsAreReadAnew() throws Exception {
    try (var server = PostgresServer.start(PostgresServer.Options.in(directory))) {
      Database admin = server.admin();
      Migrations.migrate(admin, Map.of());
      execute(
          admin,
          "INSERT INTO state_controller.operation (namespace, operation_id, principal, outcome,"
              + " created_at_ms) SELECT 'ns', 'op-' || n, 'alice', 'outcome ' || n, 0"
              + " FROM generate_series(1, "
              + OPERATIONS
              + ") n");
      execute(
          admin,
          "INSERT INTO provenance.completed_run VALUES ('u', 'ns', 'r', 1, repeat('0', 64), 0,"
              + " true, 0, 0); INSERT INTO provenance.manifest"
              + " VALUES ('u', encode(sha256('planted'), 'hex'), 'planted', 0)");

      try (DatabaseContent content = DatabaseContent.of(admin)) {
        Map<String, Integer> values = new TreeMap<>();
        Map<String, String> last = new TreeMap<>();
        content.read((column, value) -> {
          values.merge(column, 1, Integer::sum);
          last.put(column, new String(value, StandardCharsets.UTF_8));
        });

        assertThat(values)
            .containsEntry("state_controller.operation.outcome", OPERATIONS)
            .doesNotContainKey("state_controller.operation.run_id");
        assertThat(last).containsEntry("provenance.manifest.body", "planted");

        assertThat(content.journalCursors().get("audit_export")).isEmpty();
        execute(admin, "INSERT INTO audit_export.lane_cursor VALUES (3, 7)");
        assertThat(content.journalCursors().get("audit_export")).isEqualTo(Map.of(3, 7L));
      }
    }
  }

  private static void execute(Database database, String sql) throws Exception {
    try (var connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
