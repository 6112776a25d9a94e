package dev.dome.devstack;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * What a local PostgreSQL can store at most, over one connection, into a table like the journal
 * that is dropped afterwards.
 *
 * @param rowsPerSecond rows by UNNEST, 500 to a transaction
 * @param commitsPerSecond transactions of one row
 * @param updatesPerSecond rows changed by an array of their keys, 500 to a transaction
 */
public record PostgresBound(
    double rowsPerSecond, double commitsPerSecond, double updatesPerSecond) {
  private static final int BATCH = 500;
  private static final String INSERT =
      """
      INSERT INTO dome_bound.journal
      SELECT * FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[])
      """;
  private static final String UPDATE =
      "UPDATE dome_bound.timer SET fired_at_ms = ? WHERE timer_id = ANY (?::text[])";
  private static final int TIMERS = 100_000;

  /**
   * Measures the server of a local stack; absent when the stack uses somebody else's.
   *
   * @param directory of the stack
   * @param each how long each of the three measurements takes
   */
  public static Optional<PostgresBound> measure(
      Path directory, StackState state, int rowBytes, Duration each) {
    var local = LocalDatabase.of(directory, state);
    if (local.isEmpty()) {
      return Optional.empty();
    }
    var admin = local.get();
    try (var connection =
        DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password())) {
      return Optional.of(measure(connection, rowBytes, each));
    } catch (SQLException e) {
      throw new DevstackException("the database cannot be measured", e);
    }
  }

  private static PostgresBound measure(Connection connection, int rowBytes, Duration each)
      throws SQLException {
    execute(
        connection,
        """
        DROP SCHEMA IF EXISTS dome_bound CASCADE;
        CREATE SCHEMA dome_bound;
        CREATE TABLE dome_bound.journal (run_uid text, sequence bigint, envelope text, hash text,
          PRIMARY KEY (run_uid, sequence));
        CREATE TABLE dome_bound.timer (timer_id text PRIMARY KEY, about text, due_at_ms bigint,
          fired_at_ms bigint);
        CREATE INDEX ON dome_bound.timer (due_at_ms) WHERE fired_at_ms IS NULL;
        INSERT INTO dome_bound.timer
          SELECT 'timer-' || n, repeat('t', 200), n FROM generate_series(0, 99999) AS n
        """);
    try (var insert = connection.prepareStatement(INSERT);
        var update = connection.prepareStatement(UPDATE)) {
      return new PostgresBound(
          rowsPerSecond(insert, BATCH, rowBytes, each),
          rowsPerSecond(insert, 1, rowBytes, each),
          updatesPerSecond(update, each));
    } finally {
      execute(connection, "DROP SCHEMA dome_bound CASCADE");
    }
  }

  private static double rowsPerSecond(
      PreparedStatement insert, int rows, int rowBytes, Duration lasting) throws SQLException {
    var connection = insert.getConnection();
    var sequences = new Long[rows];
    Arrays.setAll(sequences, i -> (long) i);
    var envelopes = new String[rows];
    Arrays.fill(envelopes, "e".repeat(rowBytes));
    var hashes = new String[rows];
    Arrays.fill(hashes, "0".repeat(64));
    insert.setArray(2, connection.createArrayOf("bigint", sequences));
    insert.setArray(3, connection.createArrayOf("text", envelopes));
    insert.setArray(4, connection.createArrayOf("text", hashes));
    var runs = new String[rows];
    long start = System.nanoTime();
    long stored = 0;
    while (System.nanoTime() - start < lasting.toNanos()) {
      Arrays.fill(runs, UUID.randomUUID().toString());
      insert.setArray(1, connection.createArrayOf("text", runs));
      stored += insert.executeUpdate();
    }
    return stored * 1e9 / (System.nanoTime() - start);
  }

  /** Goes around the table, so that every row is changed about as often as every other. */
  private static double updatesPerSecond(PreparedStatement update, Duration lasting)
      throws SQLException {
    var connection = update.getConnection();
    var ids = new String[BATCH];
    long start = System.nanoTime();
    long changed = 0;
    while (System.nanoTime() - start < lasting.toNanos()) {
      long first = changed;
      Arrays.setAll(ids, i -> "timer-" + (first + i) % TIMERS);
      update.setLong(1, first);
      update.setArray(2, connection.createArrayOf("text", ids));
      changed += update.executeUpdate();
    }
    return changed * 1e9 / (System.nanoTime() - start);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
