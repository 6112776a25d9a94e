package dev.dome.devstack;

import dev.dome.migrations.Database;
import dev.dome.migrations.Migrations;
import dev.dome.migrations.ServiceSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The audit's schema in a database of its own, filled as the service fills it. */
final class AuditSchema {
  static final String PASSWORD = "a-password-of-a-test";
  static final long DAY_MS = 86_400_000;

  private static final String PURGE =
      "SELECT outcome || ' ' || runs || ' ' || records || ' ' || kept_records"
          + " FROM audit_export.purge(?, ?, 'a test', 'the court', 'expired')";

  private final Database admin;
  private final Database service;

  private AuditSchema(Database admin) {
    this.admin = admin;
    this.service =
        new Database(
            admin.host(), admin.port(), admin.name(), ServiceSchema.AUDIT_EXPORT.role(), PASSWORD);
  }

  static AuditSchema migrated(PostgresServer server) {
    AuditSchema schema = empty(server);
    schema.migrate();
    return schema;
  }

  /** A database without any schema yet. */
  static AuditSchema empty(PostgresServer server) {
    String name = "audit_" + UUID.randomUUID().toString().replace("-", "");
    Migrations.createDatabase(server.admin(), name);
    return new AuditSchema(server.admin().named(name));
  }

  Database admin() {
    return admin;
  }

  void migrate() {
    Migrations.migrate(admin, Map.of(ServiceSchema.AUDIT_EXPORT, PASSWORD));
  }

  Connection asAdmin() throws SQLException {
    Connection connection =
        DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
    run(connection, "SET search_path = audit_export");
    return connection;
  }

  Connection asService() throws SQLException {
    return DriverManager.getConnection(service.jdbcUrl(), service.user(), service.password());
  }

  /** The class ends after so many days, and has for long. */
  void keepFor(String retentionClass, int days) throws SQLException {
    execute("SELECT set_class('" + retentionClass + "', " + days + ")");
    execute("UPDATE retention_class SET shortened_at_ms = 0");
  }

  /** Noon of the first day of the month that is so many months before this one. */
  static long monthsAgoMs(int months) {
    return YearMonth.now(ZoneOffset.UTC)
        .minusMonths(months)
        .atDay(1)
        .atTime(12, 0)
        .toInstant(ZoneOffset.UTC)
        .toEpochMilli();
  }

  static int monthsAgo(int months) {
    YearMonth month = YearMonth.now(ZoneOffset.UTC).minusMonths(months);
    return month.getYear() * 100 + month.getMonthValue();
  }

  /** A run of three rows, the last of which ends it. */
  void run(String namespace, String runId, long firstMs, long stepMs) throws SQLException {
    try (Connection connection = asService()) {
      connection.setAutoCommit(false);
      for (int i = 1; i <= 3; i++) {
        row(connection, namespace, runId, i, firstMs + (i - 1) * stepMs);
      }
      connection.commit();
    }
  }

  static void row(Connection connection, String namespace, String runId, int sequence, long atMs)
      throws SQLException {
    String uid = "uid-" + runId;
    long index = next(connection);
    String place = place(connection, namespace, uid, runId, atMs);
    String topic = sequence == 3 ? "run.completed" : "task.claimed";
    run(
        connection,
        "INSERT INTO audit_record (log_index, kind, namespace, at_ms, run_id, topic, reason_codes,"
            + " document, lane, lane_position, run_uid, sequence, row_kind, prev_hash, hash,"
            + " retention_class, month) VALUES (%d, 'JOURNAL', '%s', %d, '%s', '%s', '', '{}', 1,"
                .formatted(index, namespace, atMs, runId, topic)
            + " %d, '%s', %d, 'EVENT', '%s', '%s', %s)"
                .formatted(
                    index,
                    uid,
                    sequence,
                    sequence == 1 ? "0".repeat(64) : hash(runId, sequence - 1),
                    hash(runId, sequence),
                    place));
  }

  static String hash(String runId, int sequence) {
    return "hash-of-" + runId + "-" + sequence;
  }

  void access(String namespace, String runId, long atMs) throws SQLException {
    try (Connection connection = asService()) {
      connection.setAutoCommit(false);
      access(connection, namespace, runId, atMs);
      connection.commit();
    }
  }

  static void access(Connection connection, String namespace, String runId, long atMs)
      throws SQLException {
    long index = next(connection);
    String place = place(connection, namespace, null, null, atMs);
    run(
        connection,
        "INSERT INTO audit_record (log_index, kind, namespace, at_ms, run_id, reason_codes,"
            + " document, incarnation, stream_sequence, ordinal, service, retention_class, month)"
            + " VALUES (%d, 'ACCESS', '%s', %d, '%s', '', '{\"n\":%d}', 'i', %d, 0, 'ingest', %s)"
                .formatted(index, namespace, atMs, runId, index, index, place));
  }

  /** The next index of the log, whose head is held until the commit. */
  static long next(Connection connection) throws SQLException {
    return Long.parseLong(
        texts(connection, "UPDATE log_head SET size = size + 1 RETURNING size - 1").getFirst());
  }

  private static String place(
      Connection connection, String namespace, String uid, String runId, long atMs)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT '''' || retention_class || ''', ' || month FROM place(ARRAY[?]::text[],"
                + " ARRAY[?]::text[], ARRAY[?]::text[], ARRAY[?]::bigint[])")) {
      statement.setString(1, namespace);
      statement.setString(2, uid);
      statement.setString(3, runId);
      statement.setLong(4, atMs);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /** Outcome, runs, records and kept records, with blanks between them. */
  String purge(String retentionClass, int month) throws SQLException {
    try (Connection connection = asService()) {
      run(connection, "SET ROLE dome_audit_purge");
      return purge(connection, retentionClass, month);
    }
  }

  static String purge(Connection connection, String retentionClass, int month) throws SQLException {
    try (var statement = connection.prepareStatement(PURGE)) {
      statement.setString(1, retentionClass);
      statement.setInt(2, month);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /** Which partitions have records, and how many. */
  List<String> parts() throws SQLException {
    return texts(
        "SELECT replace(tableoid::regclass::text, 'audit_export_parts.', '') || ' ' || count(*)"
            + " FROM audit_record WHERE kind <> 'ADMIN' GROUP BY tableoid ORDER BY 1");
  }

  /** The runs that have records, and how many. */
  List<String> runs() throws SQLException {
    return texts(
        "SELECT run_id || ' ' || count(*) FROM audit_record WHERE kind = 'JOURNAL'"
            + " GROUP BY run_id ORDER BY 1");
  }

  List<String> texts(String sql) throws SQLException {
    try (Connection connection = asAdmin()) {
      return texts(connection, sql);
    }
  }

  static List<String> texts(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = asAdmin()) {
      run(connection, sql);
    }
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
