package dev.dome.provenance.adapter.db;

import dev.dome.journal.adapter.db.Columns;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.provenance.application.PurgeStore;
import dev.dome.provenance.application.PurgedRecords;
import dev.dome.provenance.config.ProvenanceConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link PurgeStore} on PostgreSQL. */
@ApplicationScoped
public class PgPurgeStore implements PurgeStore {
  private static final String ADD =
      """
      insert into tombstone (digest, tombstone_index, namespace, document, stored_at_ms)
      select told.*, cast(:now as bigint) from unnest(
        cast(:digests as text[]), cast(:indices as bigint[]), cast(:namespaces as text[]),
        cast(:documents as text[])) as told
      on conflict (digest) do nothing
      """;

  /** A copy of the database that lost its rows begins anew. */
  private static final String MOVE =
      """
      insert into tombstone_cursor (tombstone_index, digest) values (:index, :digest)
      on conflict (only_row) do update
      set tombstone_index = excluded.tombstone_index, digest = excluded.digest
      """;

  private final Transactions transactions;
  private final Duration patience;

  @Inject
  PgPurgeStore(Transactions transactions, ProvenanceConfig config) {
    this.transactions = transactions;
    this.patience = config.log().store();
  }

  private <T> T in(Function<Mutiny.Session, Uni<T>> work) {
    return transactions.in((session, context) -> work.apply(session)).await().atMost(patience);
  }

  @Override
  public Place last() {
    return in(session ->
        session
            .createSelectionQuery("from TombstoneCursor", TombstoneCursorEntity.class)
            .getSingleResultOrNull()
            .map(cursor -> cursor == null ? Place.BEGINNING : cursor.place()));
  }

  @Override
  public void store(List<PurgedRecords> purged, Place last, long nowMs) {
    in(session ->
        add(session, purged, nowMs)
            .chain(() ->
                session
                    .createNativeQuery(MOVE)
                    .setParameter("index", last.index())
                    .setParameter("digest", last.digest())
                    .executeUpdate()));
  }

  private static Uni<Integer> add(Mutiny.Session session, List<PurgedRecords> purged, long nowMs) {
    Columns<PurgedRecords> columns = new Columns<>(purged);
    return session
        .createNativeQuery(ADD)
        .setParameter("now", nowMs)
        .setParameter("digests", columns.texts(PurgedRecords::digest))
        .setParameter("indices", columns.longs(PurgedRecords::index))
        .setParameter("namespaces", columns.texts(one -> one.namespace().value()))
        .setParameter("documents", columns.texts(PurgedRecords::document))
        .executeUpdate();
  }
}
