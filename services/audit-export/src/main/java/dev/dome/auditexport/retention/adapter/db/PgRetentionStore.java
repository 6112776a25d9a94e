package dev.dome.auditexport.retention.adapter.db;

import dev.dome.auditexport.retention.NamespaceRetention;
import dev.dome.auditexport.retention.RetentionClass;
import dev.dome.auditexport.retention.RetentionStore;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.journal.adapter.db.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** {@link RetentionStore} on PostgreSQL. */
@Singleton
public final class PgRetentionStore implements RetentionStore {
  private static final String CLASSES =
      "select name, days from retention_class where name <> 'administration' order by name";

  private static final String OF =
      """
      select cast(:namespace as text) as namespace, c.name as retention_class, c.days,
        n.set_at_ms, n.set_by
      from (select cast('standard' as text) as fallback) f
      left join lateral (
        select retention_class, set_at_ms, set_by from namespace_retention
        where namespace = :namespace order by set_at_ms desc limit 1) n on true
      join retention_class c on c.name = coalesce(n.retention_class, f.fallback)
      """;

  private final Transactions transactions;

  @Inject
  PgRetentionStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Uni<List<RetentionClass>> classes() {
    return transactions.bounded(
        (session, context) -> Rows.of(session, CLASSES, Map.of(), RetentionClass.class));
  }

  @Override
  public Uni<NamespaceRetention> of(NamespaceId namespace) {
    return transactions.bounded((session, context) ->
        Rows.of(session, OF, Map.of("namespace", namespace.value()), NamespaceRetention.class)
            .map(List::getFirst));
  }

  @Override
  public Uni<Change> set(NamespaceId namespace, String retentionClass, String actor) {
    return transactions.bounded((session, context) ->
        Rows.answer(
                session,
                "select set_namespace_class(:namespace, :class, :actor)",
                Map.of("namespace", namespace.value(), "class", retentionClass, "actor", actor))
            .map(Change::valueOf));
  }
}
