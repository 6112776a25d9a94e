package dev.dome.devstack;

import dev.dome.migrations.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the database of a stack says of its lanes, past every service. Each question is a connection
 * of its own, so that it may be asked again after the server was away.
 */
public final class LaneTable {
  private static final String OWNERS =
      "SELECT owner FROM state_controller.lane WHERE expires_at > now() AND owner IS NOT NULL";

  /** Runs that have a row whose writer's epoch is older than that of a row before it. */
  private static final String STALE =
      """
      SELECT run_id FROM (
        SELECT j.run_uid, j.writer_epoch,
               max(j.writer_epoch) OVER (PARTITION BY j.lane ORDER BY j.lane_position) AS newest
          FROM state_controller.journal j) AS r
        JOIN state_controller.run USING (run_uid)
       WHERE r.writer_epoch < r.newest
      """;

  private static final String LANES = "SELECT lane::text FROM state_controller.lane";

  private static final String OPEN = "SELECT run_id FROM state_controller.run WHERE NOT is_final";

  private final Database admin;

  /**
   * Asks as the administrator; every question ends in a DevstackException while the server is away.
   *
   * @param admin may read the schema of the state-controller
   */
  public LaneTable(Database admin) {
    this.admin = admin;
  }

  /** The owner of every lane that has one whose term is not over; one entry a lane. */
  public List<String> owners() {
    return column(OWNERS);
  }

  public int lanes() {
    return column(LANES).size();
  }

  /** The run of every journal row that was written under a superseded epoch. */
  public List<String> staleRows() {
    return column(STALE);
  }

  /** Runs that are not final. */
  public List<String> openRuns() {
    return column(OPEN);
  }

  private List<String> column(String query) {
    try (Connection connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement()) {
      statement.setQueryTimeout(30);
      var values = new ArrayList<String>();
      try (var rows = statement.executeQuery(query)) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    } catch (SQLException e) {
      throw new DevstackException("the lanes cannot be asked for", e);
    }
  }
}
