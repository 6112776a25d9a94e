package dev.dome.auditexport.adapter.db;

import dev.dome.auditexport.application.AuditEntry;
import dev.dome.auditexport.application.AuditQuery;
import dev.dome.auditexport.application.AuditRecord;
import dev.dome.auditexport.application.AuditStore;
import dev.dome.contracts.id.Lane;
import dev.dome.journal.adapter.db.LaneCursors;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.messaging.AccessReader.Position;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link AuditStore} on PostgreSQL. */
@ApplicationScoped
public class PgAuditStore implements AuditStore {
  private final Transactions transactions;
  private final LaneCursors cursors;

  @Inject
  PgAuditStore(Transactions transactions, LaneCursors cursors) {
    this.transactions = transactions;
    this.cursors = cursors;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return cursors.position(lane);
  }

  @Override
  public Uni<Boolean> append(List<JournalBatch> batches, List<AuditEntry.Journal> entries) {
    return cursors.move(batches, session -> add(session, entries));
  }

  @Override
  public Uni<Position> accessPosition() {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery("from AccessCursor", AccessCursorEntity.class)
            .getSingleResult()
            .map(cursor -> new Position(cursor.incarnation, cursor.sequence)));
  }

  @Override
  public Uni<Boolean> append(Position after, Position last, List<AuditEntry.Access> entries) {
    return transactions.in((session, context) ->
        session
            .createMutationQuery(
                """
                update AccessCursor set incarnation = :incarnation, sequence = :sequence
                where incarnation = :oldIncarnation and sequence = :oldSequence
                """)
            .setParameter("incarnation", last.incarnation())
            .setParameter("sequence", last.sequence())
            .setParameter("oldIncarnation", after.incarnation())
            .setParameter("oldSequence", after.sequence())
            .executeUpdate()
            .flatMap(rows ->
                rows == 1
                    ? add(session, entries).replaceWith(true)
                    : Uni.createFrom().item(false)));
  }

  /**
   * The log's head stays locked until the commit: records become visible in the order of their
   * indices, and none of them is ever skipped.
   */
  private static Uni<Void> add(
      Mutiny.Session session, List<? extends AuditEntry.Incoming> entries) {
    if (entries.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return session
        .createNativeQuery(
            "update log_head set size = size + :count returning size - :count", Long.class)
        .setParameter("count", (long) entries.size())
        .getSingleResult()
        .map(first -> records(first, entries))
        .flatMap(records -> AuditRecordInsert.all(session, records));
  }

  private static List<AuditRecordEntity> records(
      long first, List<? extends AuditEntry.Incoming> entries) {
    return IntStream.range(0, entries.size())
        .mapToObj(i -> AuditRecordEntity.of(first + i, entries.get(i)))
        .toList();
  }

  @Override
  public Uni<Long> size() {
    return transactions.bounded((session, context) -> size(session));
  }

  private static Uni<Long> size(Mutiny.Session session) {
    return session
        .createSelectionQuery("select records from LogHead", Long.class)
        .getSingleResult();
  }

  @Override
  public Uni<List<AuditRecord>> find(AuditQuery query, long from, long before, int limit) {
    Conditions conditions = Conditions.of(query, from, before);
    return transactions.bounded((session, context) -> select(session, conditions, limit));
  }

  private static Uni<List<AuditRecord>> select(
      Mutiny.Session session, Conditions conditions, int limit) {
    var selection =
        session.createSelectionQuery(
            "from AuditRecord where " + conditions.hql() + " order by logIndex",
            AuditRecordEntity.class);
    conditions.values().forEach(selection::setParameter);
    return selection
        .setReadOnly(true)
        .setMaxResults(limit)
        .getResultList()
        .map(rows -> rows.stream().map(AuditRecordEntity::record).toList());
  }
}
