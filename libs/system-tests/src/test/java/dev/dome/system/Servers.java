package dev.dome.system;

import dev.dome.migrations.Database;
import dev.dome.system.Suite.Running;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The suite's servers as an administrator sees them, past every service. */
final class Servers {
  private final Running suite;

  Servers(Running suite) {
    this.suite = suite;
  }

  /** Work on the message server's streams. */
  @FunctionalInterface
  interface OnStreams<T> {
    T with(JetStreamManagement management) throws Exception;
  }

  <T> T streams(OnStreams<T> work) throws Exception {
    Connection connection = Nats.connect(suite.stack().connections().natsUrl());
    try {
      return work.with(connection.jetStreamManagement());
    } finally {
      connection.close();
    }
  }

  void execute(List<String> statements) throws SQLException {
    try (var connection = database();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    }
  }

  /** The first column of every row, as text. */
  List<String> column(String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (var connection = database();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private java.sql.Connection database() throws SQLException {
    Database admin = suite.stack().infrastructure().postgres().orElseThrow().admin();
    return DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
  }
}
