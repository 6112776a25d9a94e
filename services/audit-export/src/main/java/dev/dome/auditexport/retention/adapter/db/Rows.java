package dev.dome.auditexport.retention.adapter.db;

import dev.dome.contracts.Json;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/** Queries whose rows come as one JSON object each. */
final class Rows {
  private Rows() {}

  /**
   * The rows of a query.
   *
   * @param sql its columns are the components of the record
   */
  static <T extends Record> Uni<List<T>> of(
      Mutiny.Session session, String sql, Map<String, ?> parameters, Class<T> type) {
    Mutiny.SelectionQuery<String> query =
        session.createNativeQuery(
            "select cast(to_jsonb(found) as text) from (" + sql + ") as found", String.class);
    parameters.forEach(query::setParameter);
    return query
        .getResultList()
        .map(rows ->
            rows.stream()
                .map(row -> Json.read(row.getBytes(StandardCharsets.UTF_8), type))
                .toList());
  }

  /** The text that a function of the schema answers with. */
  static Uni<String> answer(Mutiny.Session session, String sql, Map<String, ?> parameters) {
    Mutiny.SelectionQuery<String> query = session.createNativeQuery(sql, String.class);
    parameters.forEach(query::setParameter);
    return query.getSingleResult();
  }
}
