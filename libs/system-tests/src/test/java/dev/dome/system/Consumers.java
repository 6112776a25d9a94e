package dev.dome.system;

import static org.awaitility.Awaitility.await;

import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The services that follow the journal, and their tables. */
final class Consumers {
  static final List<String> SCHEMAS = List.of("retry_scheduler", "provenance", "audit_export");

  private static final List<DomeService> SERVICES =
      List.of(DomeService.RETRY_SCHEDULER, DomeService.PROVENANCE, DomeService.AUDIT_EXPORT);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Running suite;
  private final Servers servers;

  Consumers(Running suite, Servers servers) {
    this.suite = suite;
    this.servers = servers;
  }

  void stopAll() {
    atOnce(services(), ServiceProcess::stop);
  }

  void startAll() {
    atOnce(services(), ServiceProcess::restart);
  }

  private List<ServiceProcess> services() {
    return SERVICES.stream().map(service -> suite.stack().service(service).orElseThrow()).toList();
  }

  /** Does it with every process at the same time, one thread each. */
  static void atOnce(List<ServiceProcess> processes, Consumer<ServiceProcess> work) {
    CompletableFuture<?>[] each =
        processes.stream()
            .map(process ->
                CompletableFuture.runAsync(
                    () -> work.accept(process), task -> Thread.ofPlatform().start(task)))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(each).join();
  }

  /** Returns once every consumer has applied every row that is in the journal now. */
  void awaitCaughtUp() throws SQLException {
    List<String> behind = new ArrayList<>();
    for (String schema : SCHEMAS) {
      behind.add(
          "SELECT '"
              + schema
              + " lane ' || j.lane FROM (SELECT lane, max(lane_position) AS position"
              + " FROM state_controller.journal GROUP BY lane) j LEFT JOIN "
              + schema
              + ".lane_cursor c USING (lane) WHERE coalesce(c.position, 0) < j.position");
    }
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> servers.column(String.join(" UNION ALL ", behind)), List::isEmpty);
  }

  /** The tables of a consumer, without the migrations' own. */
  List<String> tables(String schema) throws SQLException {
    return servers.column(
        "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
            + " AND table_name <> 'flyway_schema_history' AND table_schema = '"
            + schema
            + "' ORDER BY 1");
  }

  /** Makes the tables empty, as those of a database that was just migrated. */
  void empty(String schema) throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add(truncate(schema));
    if (schema.equals("audit_export")) {
      statements.add("INSERT INTO audit_export.access_cursor DEFAULT VALUES");
      statements.add("INSERT INTO audit_export.log_head DEFAULT VALUES");
      statements.add(
          "INSERT INTO audit_export.retention_class (name) VALUES ('standard'), ('administration')");
    }
    servers.execute(statements);
  }

  /** What the log of statements has beside the database is lost, as its volume may be. */
  void forgetLogCopy() throws IOException {
    Path copy = suite.stack().connections().keys().logKeyFile().resolveSibling("../log");
    if (Files.exists(copy)) {
      try (Stream<Path> files = Files.walk(copy)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private String truncate(String schema) throws SQLException {
    List<String> tables = tables(schema).stream().map(table -> schema + "." + table).toList();
    return "TRUNCATE " + String.join(", ", tables);
  }

  /** A copy of every table, as a backup holds it. */
  void copy(String schema) throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("DROP SCHEMA IF EXISTS " + schema + "_copy CASCADE");
    statements.add("CREATE SCHEMA " + schema + "_copy");
    for (String table : tables(schema)) {
      statements.add(
          "CREATE TABLE %1$s_copy.%2$s AS SELECT * FROM %1$s.%2$s".formatted(schema, table));
    }
    servers.execute(statements);
  }

  /** Puts the copy back. */
  void restore(String schema) throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add(truncate(schema));
    // The tables refer to each other; the copy was consistent.
    statements.add("SET LOCAL session_replication_role = replica");
    for (String table : tables(schema)) {
      statements.add("INSERT INTO %1$s.%2$s SELECT * FROM %1$s_copy.%2$s".formatted(schema, table));
    }
    statements.add("DROP SCHEMA " + schema + "_copy CASCADE");
    servers.execute(statements);
  }
}
