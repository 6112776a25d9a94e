package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresBoundTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  @TempDir Path directory;

  @Test
  void rowsAndCommitsAreCountedAndNothingIsLeftBehind() throws SQLException {
    try (var server =
        PostgresServer.start(PostgresServer.Options.in(directory.resolve("postgres")))) {
      var bound = PostgresBound.measure(directory, state(server.url()), 1024, SHORT);

      assertThat(bound)
          .hasValueSatisfying(rates -> {
            assertThat(rates.rowsPerSecond()).isPositive();
            assertThat(rates.commitsPerSecond()).isPositive();
            assertThat(rates.updatesPerSecond()).isPositive();
          });
      assertThat(schemas(server)).isZero();
    }
  }

  @Test
  void aServerThatIsNotTheStacksOwnIsLeftAlone() {
    assertThat(PostgresBound.measure(directory, state("postgresql://db:5432/dome"), 1024, SHORT))
        .isEmpty();
  }

  private static StackState state(String postgresUrl) {
    return new StackState("", "", "", postgresUrl, List.of());
  }

  private static int schemas(PostgresServer server) throws SQLException {
    var admin = server.admin();
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_namespace WHERE nspname = 'dome_bound'")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
