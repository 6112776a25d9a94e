package dev.dome.auditexport.adapter.db;

import dev.dome.auditexport.application.AuditQuery;
import dev.dome.contracts.id.RunId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a query asks of a row.
 *
 * @param hql fixed texts only; what the caller gave are its parameters
 */
record Conditions(String hql, Map<String, Object> values) {

  static Conditions of(AuditQuery query, long from, long before) {
    Builder all = new Builder();
    all.add("namespace = :namespace", "namespace", query.namespace().value());
    all.add("logIndex >= :fromIndex", "fromIndex", from);
    all.add("logIndex < :beforeIndex", "beforeIndex", before);
    all.add("kind in (:kinds)", "kinds", query.kinds());
    all.add(
        "runId in (:runIds)",
        "runIds",
        query.runIds() == null ? null : query.runIds().stream().map(RunId::value).toList());
    all.add("actor = :actor", "actor", query.actor());
    all.add("topic = :topic", "topic", query.topic());
    all.add("atMs >= :fromMs", "fromMs", query.fromMs());
    all.add("atMs < :toMs", "toMs", query.toMs());
    // The code's own underscores are wildcards, so the match is by position instead of by pattern.
    all.add(
        "locate(:code, reasonCodes) > 0",
        "code",
        query.reasonCode() == null ? null : " " + query.reasonCode() + " ");
    return new Conditions(all.hql.toString(), all.values);
  }

  private static final class Builder {
    private final StringBuilder hql = new StringBuilder();
    private final Map<String, Object> values = new LinkedHashMap<>();

    private void add(String condition, String name, Object value) {
      if (value != null) {
        hql.append(hql.isEmpty() ? "" : " and ").append(condition);
        values.put(name, value);
      }
    }
  }
}
