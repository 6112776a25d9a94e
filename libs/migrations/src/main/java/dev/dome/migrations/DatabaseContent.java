package dev.dome.migrations;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.postgresql.Driver;

/**
 * What dome's schemas hold, read for whoever verifies it. Rows come some hundred at a time,
 * whatever a table's size; nothing is changed.
 */
public final class DatabaseContent implements AutoCloseable {
  private static final int ROWS_AT_ONCE = 200;

  /** The columns of one schema that can hold what somebody sent. */
  private static final String COLUMNS =
      """
      SELECT c.table_name, c.column_name, c.data_type
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = ? AND t.table_type = 'BASE TABLE'
        AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea')
      ORDER BY c.table_name, c.ordinal_position
      """;

  private final Connection connection;

  private DatabaseContent(Connection connection) {
    this.connection = connection;
  }

  /** Takes one value of one row. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Takes a value.
     *
     * @param column schema, table and column, with dots between them
     * @param value bytes as stored, text in UTF-8
     */
    void take(String column, byte[] value);
  }

  /**
   * Opens a database to somebody who may read every schema.
   *
   * @throws MigrationException when it cannot be reached or entered
   */
  public static DatabaseContent of(Database database) {
    Properties login = new Properties();
    login.setProperty("user", database.user());
    login.setProperty("password", database.password());
    try {
      Connection connection = new Driver().connect(database.jdbcUrl(), login);
      connection.setReadOnly(true);
      // Without a transaction the driver would fetch whole tables.
      connection.setAutoCommit(false);
      return new DatabaseContent(connection);
    } catch (SQLException e) {
      throw new MigrationException("cannot read " + database, e);
    }
  }

  /**
   * Reads every text and every byte string of every table of dome's schemas.
   *
   * @return how many values there were
   * @throws MigrationException when a table cannot be read
   */
  public long read(Reader reader) {
    long values = 0;
    try {
      for (ServiceSchema schema : ServiceSchema.values()) {
        for (Map.Entry<String, List<Column>> table : tables(schema.schema()).entrySet()) {
          values += read(schema.schema(), table.getKey(), table.getValue(), reader);
        }
      }
      return values;
    } catch (SQLException e) {
      throw new MigrationException("a table cannot be read", e);
    }
  }

  private record Column(String name, boolean binary) {}

  private Map<String, List<Column>> tables(String schema) throws SQLException {
    Map<String, List<Column>> tables = new LinkedHashMap<>();
    try (var statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, schema);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          tables
              .computeIfAbsent(rows.getString(1), name -> new ArrayList<>())
              .add(new Column(rows.getString(2), rows.getString(3).equals("bytea")));
        }
      }
    }
    return tables;
  }

  private long read(String schema, String table, List<Column> columns, Reader reader)
      throws SQLException {
    long values = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(ROWS_AT_ONCE);
      List<String> names = new ArrayList<>();
      for (Column column : columns) {
        names.add(statement.enquoteIdentifier(column.name(), true));
      }
      String from =
          statement.enquoteIdentifier(schema, true)
              + "."
              + statement.enquoteIdentifier(table, true);
      try (ResultSet rows =
          statement.executeQuery("SELECT " + String.join(", ", names) + " FROM " + from)) {
        while (rows.next()) {
          for (int i = 0; i < columns.size(); i++) {
            byte[] value = value(rows, i + 1, columns.get(i));
            if (value != null) {
              reader.take(schema + "." + table + "." + columns.get(i).name(), value);
              values++;
            }
          }
        }
      }
    }
    return values;
  }

  private static byte[] value(ResultSet rows, int index, Column column) throws SQLException {
    if (column.binary()) {
      return rows.getBytes(index);
    }
    String text = rows.getString(index);
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Up to which lane position each consumer of the journal has stored its effect, by schema and
   * lane, as of now.
   *
   * @throws MigrationException when they cannot be read
   */
  public Map<String, Map<Integer, Long>> journalCursors() {
    Map<String, Map<Integer, Long>> cursors = new TreeMap<>();
    try (Statement statement = connection.createStatement()) {
      // The transaction of the last look is over, or the look would show what it saw.
      connection.commit();
      for (ServiceSchema schema : ServiceSchema.values()) {
        if (schema == ServiceSchema.STATE_CONTROLLER) {
          continue;
        }
        Map<Integer, Long> lanes = new TreeMap<>();
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT lane, position FROM "
                    + statement.enquoteIdentifier(schema.schema(), true)
                    + ".lane_cursor")) {
          while (rows.next()) {
            lanes.put(rows.getInt(1), rows.getLong(2));
          }
        }
        cursors.put(schema.schema(), lanes);
      }
      connection.commit();
      return cursors;
    } catch (SQLException e) {
      throw new MigrationException("the cursors cannot be read", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new MigrationException("the connection cannot be closed", e);
    }
  }
}
