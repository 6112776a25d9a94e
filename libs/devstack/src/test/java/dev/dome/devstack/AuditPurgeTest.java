package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a purge removes, what it keeps, and what it leaves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditPurgeTest {
  private static final int MONTH = AuditSchema.monthsAgo(6);
  private static final long THEN_MS = AuditSchema.monthsAgoMs(6);

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
  }

  private void hold(String namespace, String id, String run) throws SQLException {
    try (Connection connection = schema.asService()) {
      assertThat(
              AuditSchema.texts(
                  connection,
                  "SELECT place_hold('%s', '%s', %s, 'a lawsuit', 'the court', 'alice')"
                      .formatted(namespace, id, run == null ? "NULL" : "'" + run + "'")))
          .containsExactly("PLACED");
    }
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_run_that_spans_months_is_in_one_partition_and_goes_as_a_whole() throws Exception {
    schema.run("ours", "spanning", THEN_MS, 31 * AuditSchema.DAY_MS);
    assertThat(schema.parts()).containsExactly("standard_" + MONTH + " 3");

    assertThat(schema.purge("standard", MONTH)).isEqualTo("PURGED 1 3 0");

    assertThat(schema.parts()).isEmpty();
    assertThat(schema.texts("SELECT to_regclass('audit_export_parts.standard_" + MONTH + "')"))
        .containsExactly((String) null);
  }

  @Test
  void a_tombstone_says_what_was_there_and_its_digests_can_be_made_again() throws Exception {
    schema.run("ours", "gone", THEN_MS, 1);
    schema.access("ours", "gone", THEN_MS);

    assertThat(schema.purge("standard", MONTH)).isEqualTo("PURGED 1 4 0");

    String document =
        schema.texts("SELECT document FROM tombstone WHERE run_id = 'gone'").getFirst();
    List<String> hashes =
        schema.texts("SELECT unnest(record_hashes) FROM tombstone WHERE run_id = 'gone'");
    assertThat(hashes)
        .containsExactly(
            AuditSchema.hash("gone", 1), AuditSchema.hash("gone", 2), AuditSchema.hash("gone", 3));
    assertThat(document)
        .contains("\"kind\":\"RUN\"", "\"first_sequence\":1", "\"last_sequence\":3")
        .contains("\"records\":3", "\"chained\":true", "\"days\":30", "\"authority\":\"the court\"")
        .contains("\"head_hash\":\"" + hashes.getLast() + "\"")
        .contains("\"records_sha256\":\"" + sha256(String.join("\n", hashes) + "\n") + "\"");
    assertThat(schema.texts("SELECT digest FROM tombstone WHERE run_id = 'gone'"))
        .containsExactly(sha256(document));
    assertThat(schema.texts("SELECT document FROM tombstone WHERE run_id IS NULL").getFirst())
        .contains("\"kind\":\"ACCESS\"", "\"records\":1");
  }

  @Test
  void acts_are_in_the_log_and_chained_and_name_the_tombstones() throws Exception {
    schema.run("ours", "gone", THEN_MS, 1);
    hold("ours", "case-1", "other");

    schema.purge("standard", MONTH);

    List<String> acts =
        schema.texts(
            "SELECT document FROM audit_record WHERE kind = 'ADMIN' AND namespace = 'ours'"
                + " ORDER BY sequence");
    assertThat(acts).hasSize(2);
    assertThat(acts.getFirst()).contains("\"sequence\":1", "\"prev_hash\":\"" + "0".repeat(64));
    assertThat(acts.getLast())
        .contains("\"act\":\"audit.purged\"", "\"prev_hash\":\"" + sha256(acts.getFirst()))
        .contains(
            "\"tombstones_sha256\":\""
                + sha256(schema.texts("SELECT digest FROM tombstone").getFirst() + "\n"));
    assertThat(
            schema.texts(
                "SELECT count(*) FROM audit_record HAVING count(*) <> (SELECT size - 3 FROM log_head)"))
        .as("the log counts what was added, three of which are gone")
        .isEmpty();
  }

  @Test
  void a_hold_on_a_run_keeps_it_with_its_accesses_and_the_rest_goes() throws Exception {
    schema.run("ours", "held", THEN_MS, 1);
    schema.run("ours", "gone", THEN_MS, 1);
    schema.access("ours", "held", THEN_MS);
    schema.access("ours", "gone", THEN_MS);
    hold("ours", "case-1", "held");

    assertThat(schema.purge("standard", MONTH)).isEqualTo("PURGED 1 4 4");
    assertThat(schema.purge("standard", MONTH)).startsWith("NOTHING");

    assertThat(schema.runs()).containsExactly("held 3");
    assertThat(schema.parts()).containsExactly("standard_" + MONTH + " 4");
    schema.run("ours", "late", THEN_MS, 1);
    assertThat(schema.parts()).containsExactly("standard_" + MONTH + " 7");
  }

  @Test
  void a_hold_on_a_namespace_keeps_all_of_it_until_it_is_released() throws Exception {
    schema.run("ours", "mine", THEN_MS, 1);
    schema.run("theirs", "other", THEN_MS, 1);
    schema.access("ours", "none", THEN_MS);
    hold("ours", "case-1", null);

    assertThat(schema.purge("standard", MONTH)).isEqualTo("PURGED 1 3 4");
    assertThat(schema.runs()).containsExactly("mine 3");

    try (Connection connection = schema.asService()) {
      assertThat(
              AuditSchema.texts(
                  connection, "SELECT release_hold('ours', 'case-1', 'settled', 'bob')"))
          .containsExactly("RELEASED");
      assertThat(
              AuditSchema.texts(
                  connection, "SELECT place_hold('ours', 'case-1', NULL, 'a', 'b', 'c')"))
          .as("an id is used once")
          .containsExactly("TAKEN");
    }
    assertThat(schema.purge("standard", MONTH)).isEqualTo("PURGED 1 4 0");
    assertThat(schema.texts("SELECT released_by FROM legal_hold")).containsExactly("bob");
  }

  @Test
  void a_row_that_was_forged_into_a_held_run_does_not_lift_the_hold() throws Exception {
    schema.run("ours", "held", THEN_MS, 1);
    hold("ours", "case-1", "held");
    try (Connection service = schema.asService()) {
      AuditSchema.run(
          service,
          "INSERT INTO audit_record SELECT 99, kind, 'aaaa', at_ms, 'aaaa', actor, topic,"
              + " reason_codes, document, lane, lane_position, run_uid, 99, row_kind, prev_hash,"
              + " hash, incarnation, stream_sequence, ordinal, service, retention_class, month"
              + " FROM audit_record WHERE sequence = 3 AND kind = 'JOURNAL'");
      AuditSchema.run(service, "UPDATE log_head SET size = 100");
    }

    assertThat(schema.purge("standard", MONTH)).startsWith("NOTHING");

    assertThat(schema.runs()).containsExactly("aaaa 1", "held 3");
  }

  @Test
  void what_is_open_or_young_is_kept() throws Exception {
    schema.run("ours", "young", THEN_MS, (System.currentTimeMillis() - THEN_MS) / 2);
    try (Connection connection = schema.asService()) {
      AuditSchema.row(connection, "ours", "open", 1, THEN_MS);
    }
    schema.run("ours", "gone", THEN_MS, 1);

    assertThat(schema.purge("standard", MONTH)).isEqualTo("PURGED 1 3 4");

    assertThat(schema.runs()).containsExactly("open 1", "young 3");
  }

  @Test
  void nobody_purges_what_has_not_expired() throws Exception {
    schema.run("ours", "new", AuditSchema.monthsAgoMs(0), 0);
    assertThat(schema.purge("standard", AuditSchema.monthsAgo(0))).startsWith("NOT_EXPIRED");
    schema.run("ours", "old", THEN_MS, 1);
    schema.execute("SELECT set_class('standard', NULL)");
    assertThat(schema.purge("standard", MONTH)).as("for ever").startsWith("NOT_EXPIRED");
    schema.execute("SELECT set_class('standard', 30)");
    assertThat(schema.purge("standard", MONTH)).as("shortened just now").startsWith("NOT_EXPIRED");
    assertThat(schema.purge("administration", AuditSchema.monthsAgo(0))).startsWith("NOT_EXPIRED");
    assertThat(schema.purge("none", MONTH)).startsWith("NOT_EXPIRED");
    assertThat(schema.purge("standard", 0)).startsWith("NOT_EXPIRED");
    assertThat(schema.purge("standard", -202_601)).startsWith("NOT_EXPIRED");

    assertThat(schema.runs()).containsExactly("new 3", "old 3");
  }

  @Test
  void the_service_calls_the_purge_only_as_the_role_that_can_do_nothing_else() throws Exception {
    schema.run("ours", "old", THEN_MS, 1);
    try (Connection service = schema.asService()) {
      assertDenied(service, "SELECT purge('standard', " + MONTH + ", 'a', 'b', 'c')");
      AuditSchema.run(service, "SET ROLE dome_audit_purge");
      for (String statement :
          List.of(
              "SELECT * FROM audit_record",
              "DELETE FROM audit_record",
              "INSERT INTO tombstone VALUES (0, '', '', '', 0, '', '', '{}')",
              "SELECT release_hold('ours', 'case-1', 'a', 'b')",
              "DROP TABLE audit_export_parts.standard_" + MONTH,
              "SELECT ensure_part('standard', 202601)")) {
        assertDenied(service, statement);
      }
    }
    assertThat(schema.runs()).containsExactly("old 3");
  }

  private static void assertDenied(Connection connection, String sql) {
    assertThatThrownBy(() -> AuditSchema.run(connection, sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, denied -> assertThat(denied.getSQLState()).isEqualTo("42501"));
  }

  @Test
  void a_class_holds_for_runs_that_begin_after_it_was_given() throws Exception {
    schema.execute("SELECT set_class('brief', 10)");
    long givenMs = AuditSchema.monthsAgoMs(3);
    schema.execute(
        "INSERT INTO namespace_retention VALUES ('ours', " + givenMs + ", 'brief', 'al')");
    try (Connection connection = schema.asService()) {
      AuditSchema.row(connection, "ours", "before", 1, givenMs - 1);
      AuditSchema.row(connection, "ours", "before", 2, givenMs + 1);
      AuditSchema.row(connection, "ours", "after", 1, givenMs);
      AuditSchema.row(connection, "theirs", "other", 1, givenMs);
    }

    assertThat(
            schema.texts("SELECT run_id || ' ' || retention_class FROM run_retention ORDER BY 1"))
        .containsExactly("after brief", "before standard", "other standard");
  }

  @Test
  void a_wrong_clock_neither_stops_the_log_nor_makes_months_that_are_none() throws Exception {
    for (long atMs : List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE)) {
      schema.access("ours", "none", atMs);
    }

    assertThat(schema.parts())
        .containsExactlyInAnyOrder(
            "standard_197001 3", "standard_" + AuditSchema.monthsAgo(0) + " 1");
  }

  @Test
  void what_has_an_end_is_counted_up_to_a_bound_and_estimated_beyond() throws Exception {
    int earlier = AuditSchema.monthsAgo(7);
    schema.run("ours", "first", AuditSchema.monthsAgoMs(7), 1_000);
    schema.run("ours", "second", AuditSchema.monthsAgoMs(7), 1_000);
    schema.run("ours", "held", THEN_MS, 1_000);
    schema.run("ours", "third", THEN_MS, 1_000);
    schema.access("ours", "third", THEN_MS);
    hold("ours", "case", "held");
    schema.execute("ANALYZE audit_record");

    assertThat(listed("purgeable_within(13)"))
        .isEqualTo(listed("purgeable()"))
        .containsExactly(earlier + " 2 0 0", MONTH + " 1 1 1");
    assertThat(listed("purgeable_within(12)"))
        .containsExactly(earlier + " 2 0 0", MONTH + " 2 about 7");
    assertThat(listed("purgeable_within(0)"))
        .containsExactly(earlier + " 2 about 6", MONTH + " 2 about 7");
  }

  /** Month, runs, access decisions and held runs, and where it was estimated about how many. */
  private List<String> listed(String function) throws SQLException {
    try (Connection connection = schema.asService()) {
      return AuditSchema.texts(
          connection,
          "SELECT concat_ws(' ', month, runs, access_records, held_runs, 'about '"
              + " || (to_jsonb(p) ->> 'estimated_records')) FROM "
              + function
              + " p");
    }
  }
}
