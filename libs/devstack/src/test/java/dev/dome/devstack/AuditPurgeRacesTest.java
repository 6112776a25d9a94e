package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A purge beside everything that goes on, and one that ends in the middle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditPurgeRacesTest {
  private static final int MONTH = AuditSchema.monthsAgo(6);
  private static final long THEN_MS = AuditSchema.monthsAgoMs(6);
  private static final long NOW_MS = System.currentTimeMillis();

  private PostgresServer server;
  private AuditSchema schema;

  @BeforeAll
  void start(@TempDir Path directory) {
    server = PostgresServer.start(PostgresServer.Options.in(directory));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void migrate() throws SQLException {
    schema = AuditSchema.migrated(server);
    schema.keepFor("standard", 30);
    schema.run("ours", "expired", THEN_MS, 1);
  }

  private CompletableFuture<String> purging() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return schema.purge("standard", MONTH);
          } catch (SQLException e) {
            return e.getSQLState();
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  /** Until somebody waits for a lock that another session of this database has. */
  private void awaitWaiting() {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                schema.texts(
                    "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock' AND query LIKE '%purge%'"),
            waiting -> !waiting.isEmpty());
  }

  private static String end(CompletableFuture<String> purge)
      throws ExecutionException, InterruptedException, java.util.concurrent.TimeoutException {
    return purge.get(20, TimeUnit.SECONDS);
  }

  @Test
  void records_are_added_and_read_while_a_purge_runs() throws Exception {
    try (Connection blocking = schema.asAdmin()) {
      blocking.setAutoCommit(false);
      AuditSchema.run(blocking, "LOCK TABLE audit_export_parts.doomed");
      CompletableFuture<String> purge = purging();
      awaitWaiting();

      schema.run("ours", "arriving", NOW_MS, 0);

      assertThat(schema.runs()).containsExactly("arriving 3", "expired 3");
      blocking.commit();
      assertThat(end(purge)).isEqualTo("PURGED 1 3 0");
    }
    assertThat(schema.runs()).containsExactly("arriving 3");
  }

  @Test
  void a_record_that_comes_into_what_is_purged_ends_the_purge() throws Exception {
    try (Connection adding = schema.asService()) {
      adding.setAutoCommit(false);
      AuditSchema.next(adding);
      CompletableFuture<String> purge = purging();
      awaitWaiting();

      AuditSchema.row(adding, "ours", "expired", 4, NOW_MS);
      adding.commit();

      assertThat(end(purge)).isEqualTo("40001");
    }
    assertThat(schema.runs()).containsExactly("expired 4");
    assertThat(schema.texts("SELECT document FROM tombstone")).isEmpty();
    assertThat(schema.purge("standard", MONTH)).as("it is young again").startsWith("NOTHING");
  }

  @Test
  void a_record_of_the_release_before_that_is_moved_there_ends_the_purge() throws Exception {
    try (Connection blocking = schema.asAdmin();
        Connection before = schema.asService()) {
      blocking.setAutoCommit(false);
      AuditSchema.run(blocking, "LOCK TABLE audit_export_parts.doomed");
      CompletableFuture<String> purge = purging();
      awaitWaiting();

      AuditMigrationTest.recorded(before, "expired", 4, NOW_MS);
      assertThat(AuditSchema.texts(before, "SELECT settle(10)")).containsExactly("1");

      blocking.commit();
      assertThat(end(purge)).isEqualTo("40001");
    }
    assertThat(schema.runs()).containsExactly("expired 4");
  }

  @Test
  void a_hold_that_comes_while_a_purge_runs_wins() throws Exception {
    try (Connection holding = schema.asService()) {
      holding.setAutoCommit(false);
      AuditSchema.texts(
          holding, "SELECT place_hold('ours', 'case-1', 'expired', 'a lawsuit', 'court', 'al')");
      CompletableFuture<String> purge = purging();
      awaitWaiting();

      holding.commit();

      assertThat(end(purge)).isEqualTo("40001");
    }
    assertThat(schema.purge("standard", MONTH)).startsWith("NOTHING");
    assertThat(schema.runs()).containsExactly("expired 3");
  }

  @Test
  void a_transaction_that_sees_the_past_purges_nothing() throws Exception {
    try (Connection past = schema.asService()) {
      past.setAutoCommit(false);
      past.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      AuditSchema.run(past, "SET LOCAL ROLE dome_audit_purge");

      assertThatThrownBy(() -> AuditSchema.purge(past, "standard", MONTH))
          .hasMessageContaining("read committed");
    }
    assertThat(schema.runs()).containsExactly("expired 3");
  }

  @Test
  void a_second_purge_does_not_wait_for_the_first() throws Exception {
    try (Connection first = schema.asService()) {
      first.setAutoCommit(false);
      AuditSchema.run(first, "SET LOCAL ROLE dome_audit_purge");
      assertThat(AuditSchema.purge(first, "standard", MONTH)).startsWith("PURGED");

      assertThat(schema.purge("standard", MONTH)).startsWith("BUSY");

      first.rollback();
    }
    assertThat(schema.runs()).containsExactly("expired 3");
  }

  @Test
  void a_server_that_dies_in_the_middle_has_lost_nothing_and_leaves_nothing_half()
      throws Exception {
    schema.run("ours", "held", THEN_MS, 1);
    schema.execute("SELECT place_hold('ours', 'case-1', 'held', 'a lawsuit', 'court', 'al')");
    var before = schema.parts();
    Connection dying = schema.asService();
    dying.setAutoCommit(false);
    AuditSchema.run(dying, "SET LOCAL ROLE dome_audit_purge");
    assertThat(AuditSchema.purge(dying, "standard", MONTH)).isEqualTo("PURGED 1 3 3");

    server.kill();
    server.restart();

    assertThat(schema.parts()).isEqualTo(before);
    assertThat(schema.runs()).containsExactly("expired 3", "held 3");
    assertThat(schema.texts("SELECT document FROM tombstone")).isEmpty();
    assertThat(
            schema.texts(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                    + " AND relnamespace = 'audit_export_parts'::regnamespace"
                    + " AND relname LIKE '%next'"))
        .isEmpty();
    assertThat(schema.purge("standard", MONTH)).isEqualTo("PURGED 1 3 3");
    assertThat(schema.runs()).containsExactly("held 3");
  }
}
