package dev.dome.system;

import static org.awaitility.Awaitility.await;

import dev.dome.devstack.LocalStack;
import dev.dome.migrations.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The services' tables, beside the services: what they hold, and locks that stop a service at a
 * statement of the test's choice, so that it can be killed in the middle of a transaction.
 */
final class Tables implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String WAITING =
      "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = ?::regclass";

  private final Database admin;
  private final Connection connection;

  private Tables(Database admin) throws SQLException {
    this.admin = admin;
    this.connection = connect();
  }

  static Tables of(LocalStack stack) throws SQLException {
    return new Tables(stack.infrastructure().postgres().orElseThrow().admin());
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
  }

  /** A lock that ends with it. */
  @FunctionalInterface
  interface Held extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  /** Whoever writes one of the tables waits, and reading and locking rows go on. */
  Held unwritable(String... tables) throws SQLException {
    Connection holder = connect();
    holder.setAutoCommit(false);
    try (Statement lock = holder.createStatement()) {
      for (String table : tables) {
        lock.execute("LOCK TABLE " + table + " IN SHARE MODE");
      }
    }
    return holder::close;
  }

  /** Locks the rows that a query gives, once there are that many; the firing loop skips them. */
  Held lockedRows(int rows, String select, String... parameters) throws SQLException {
    Connection holder = connect();
    holder.setAutoCommit(false);
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> {
          int found = strings(holder, select + " FOR UPDATE SKIP LOCKED", parameters).size();
          if (found < rows) {
            holder.rollback();
          }
          return found == rows;
        });
    return holder::close;
  }

  /** Returns once somebody waits to write each of the tables. */
  void awaitWriters(String... tables) {
    for (String table : tables) {
      await().atMost(PATIENCE).until(() -> number(WAITING, table) > 0);
    }
  }

  long number(String query, String... parameters) throws SQLException {
    return Long.parseLong(strings(connection, query, parameters).getFirst());
  }

  void change(String statement, String... parameters) throws SQLException {
    try (PreparedStatement change = prepared(connection, statement, parameters)) {
      change.executeUpdate();
    }
  }

  private static List<String> strings(Connection from, String query, String... parameters)
      throws SQLException {
    try (PreparedStatement select = prepared(from, query, parameters);
        ResultSet rows = select.executeQuery()) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  private static PreparedStatement prepared(Connection on, String sql, String... parameters)
      throws SQLException {
    PreparedStatement statement = on.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setString(i + 1, parameters[i]);
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
