package dev.dome.auditexport.retention.adapter.db;

import dev.dome.auditexport.retention.Tombstone;
import dev.dome.auditexport.retention.TombstoneStore;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.journal.adapter.db.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link TombstoneStore} on PostgreSQL. */
@Singleton
public final class PgTombstoneStore implements TombstoneStore {
  private static final String LIST =
      """
      select tombstone_index as index, document, digest from tombstone
      where namespace = :namespace and tombstone_index >= :from
        and (cardinality(cast(:runs as text[])) = 0 or run_id = any (cast(:runs as text[])))
      order by tombstone_index limit :most
      """;

  private static final String LIST_ALL =
      """
      select tombstone_index as index, document, digest from tombstone
      where tombstone_index >= :from order by tombstone_index limit :most
      """;

  private static final String FIND =
      """
      select tombstone_index as index, document, digest, record_hashes from tombstone
      where namespace = :namespace and tombstone_index = :index
      """;

  private final Transactions transactions;

  @Inject
  PgTombstoneStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** A row of {@code tombstone}. */
  record TombstoneRow(long index, String document, String digest, List<String> recordHashes) {
    Tombstone.WithHashes tombstone() {
      return new Tombstone.WithHashes(new Tombstone(index, document, digest), recordHashes);
    }
  }

  @Override
  public Uni<List<Tombstone>> list(
      NamespaceId namespace, List<RunId> runIds, long from, int limit) {
    String[] runs =
        runIds == null ? new String[0] : runIds.stream().map(RunId::value).toArray(String[]::new);
    return transactions.bounded((session, context) ->
        Rows.of(
            session,
            LIST,
            Map.of("namespace", namespace.value(), "from", from, "runs", runs, "most", limit),
            Tombstone.class));
  }

  @Override
  public Uni<List<Tombstone>> list(long from, int limit) {
    return transactions.bounded((session, context) ->
        Rows.of(session, LIST_ALL, Map.of("from", from, "most", limit), Tombstone.class));
  }

  @Override
  public Uni<Optional<Tombstone.WithHashes>> find(NamespaceId namespace, long index) {
    return transactions.bounded((session, context) ->
        Rows.of(
                session,
                FIND,
                Map.of("namespace", namespace.value(), "index", index),
                TombstoneRow.class)
            .map(rows -> rows.stream().findFirst().map(TombstoneRow::tombstone)));
  }
}
