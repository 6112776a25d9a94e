package dev.dome.system;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.migrations.Database;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * What is left of a month's access decisions that never were: nothing in a test is old enough to be
 * purged, so the administrator puts the tombstone there. It is signed like any other.
 */
final class PlantedTombstone implements AutoCloseable {
  private final Database admin;
  private final String namespace;
  private final String digest;

  /**
   * Puts it there until it is closed.
   *
   * @param namespace that has no other
   */
  PlantedTombstone(Database admin, String namespace) throws SQLException {
    this.admin = admin;
    this.namespace = namespace;
    ObjectNode document = Json.mapper().createObjectNode().put("kind", "ACCESS");
    document.put("namespace", namespace).put("authority", "the court").put("month", "2026-01");
    document.put("purged_at", "2026-10-01T00:00:00.000Z");
    this.digest = CanonicalJson.sha256(document);
    execute(
        ("INSERT INTO audit_export.tombstone (tombstone_index, namespace, document, digest,"
                + " record_hashes) SELECT coalesce(max(tombstone_index), 899999999) + 1, '%s', '%s',"
                + " '%s', '{}' FROM audit_export.tombstone")
            .formatted(namespace, CanonicalJson.text(document), digest));
  }

  /** SHA-256 of its document. */
  String digest() {
    return digest;
  }

  @Override
  public void close() throws SQLException {
    execute("DELETE FROM audit_export.tombstone WHERE namespace = '" + namespace + "'");
  }

  private void execute(String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
