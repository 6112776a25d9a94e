package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.migrations.Database;
import dev.dome.migrations.ServiceSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a release before recorded, and goes on recording until it is replaced. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditMigrationTest {
  private PostgresServer server;

  @BeforeAll
  void start(@TempDir Path directory) {
    server = PostgresServer.start(PostgresServer.Options.in(directory));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private AuditSchema ofTheReleaseBefore() throws SQLException {
    AuditSchema schema = AuditSchema.empty(server);
    Database admin = schema.admin();
    schema.execute("CREATE SCHEMA audit_export");
    Flyway.configure()
        .dataSource(admin.jdbcUrl(), admin.user(), admin.password())
        .schemas(ServiceSchema.AUDIT_EXPORT.schema())
        .defaultSchema(ServiceSchema.AUDIT_EXPORT.schema())
        .locations("classpath:db/" + ServiceSchema.AUDIT_EXPORT.schema())
        .target("1")
        .load()
        .migrate();
    return schema;
  }

  /** As the release before inserts: it names no class and no month. */
  static void recorded(Connection connection, String runId, int sequence, long atMs)
      throws SQLException {
    long index = AuditSchema.next(connection);
    AuditSchema.run(
        connection,
        "INSERT INTO audit_record (log_index, kind, namespace, at_ms, run_id, topic, reason_codes,"
            + " document, lane, lane_position, run_uid, sequence, row_kind, prev_hash, hash)"
            + " VALUES (%d, 'JOURNAL', 'ours', %d, '%s', 'run.completed', '', '{}', 1, %d,"
                .formatted(index, atMs, runId, index)
            + " 'uid-%s', %d, 'EVENT', 'p', '%s')"
                .formatted(runId, sequence, AuditSchema.hash(runId, sequence)));
  }

  private static void settle(AuditSchema schema, String... moved) throws SQLException {
    try (Connection connection = schema.asService()) {
      for (String records : moved) {
        assertThat(AuditSchema.texts(connection, "SELECT settle(3)")).containsExactly(records);
      }
    }
  }

  @Test
  void every_record_is_carried_over_and_put_into_the_month_of_its_run() throws Exception {
    AuditSchema schema = ofTheReleaseBefore();
    try (Connection before = schema.asAdmin()) {
      recorded(before, "long", 1, AuditSchema.monthsAgoMs(4));
      recorded(before, "short", 1, AuditSchema.monthsAgoMs(3));
      recorded(before, "long", 2, AuditSchema.monthsAgoMs(3));
      recorded(before, "long", 3, AuditSchema.monthsAgoMs(2));
    }
    String all =
        "SELECT string_agg(log_index || run_uid || sequence || hash, ' ' ORDER BY log_index)"
            + " FROM audit_record";
    List<String> written = schema.texts(all);

    schema.migrate();

    assertThat(schema.texts(all)).isEqualTo(written);
    assertThat(schema.parts()).containsExactly("audit_record 4");
    settle(schema, "3", "1", "0");
    assertThat(schema.texts(all)).isEqualTo(written);
    assertThat(schema.parts())
        .containsExactlyInAnyOrder(
            "standard_" + AuditSchema.monthsAgo(4) + " 3",
            "standard_" + AuditSchema.monthsAgo(3) + " 1");
  }

  @Test
  void a_replica_of_the_release_before_still_adds_and_reads() throws Exception {
    AuditSchema schema = ofTheReleaseBefore();
    schema.migrate();
    try (Connection before = schema.asService()) {
      recorded(before, "old", 1, AuditSchema.monthsAgoMs(3));

      assertThat(AuditSchema.texts(before, "SELECT run_id FROM audit_record"))
          .containsExactly("old");
      // What follows in the new release goes to where the run's first record belongs.
      AuditSchema.row(before, "ours", "old", 2, AuditSchema.monthsAgoMs(1));
    }

    settle(schema, "1", "0");
    assertThat(schema.parts()).containsExactly("standard_" + AuditSchema.monthsAgo(3) + " 2");
  }

  @Test
  void nothing_is_purged_as_long_as_records_wait_for_their_place() throws Exception {
    AuditSchema schema = AuditSchema.migrated(server);
    schema.keepFor("standard", 30);
    schema.run("ours", "expired", AuditSchema.monthsAgoMs(6), 1);
    try (Connection before = schema.asService()) {
      recorded(before, "expired", 4, System.currentTimeMillis());
    }

    assertThat(schema.purge("standard", AuditSchema.monthsAgo(6))).startsWith("UNSETTLED");

    settle(schema, "1", "0");
    assertThat(schema.purge("standard", AuditSchema.monthsAgo(6))).isEqualTo("NOTHING 0 0 0");
    assertThat(schema.runs()).containsExactly("expired 4");
  }
}
