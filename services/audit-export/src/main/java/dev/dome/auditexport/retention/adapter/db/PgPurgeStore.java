package dev.dome.auditexport.retention.adapter.db;

import dev.dome.auditexport.retention.Expiring;
import dev.dome.auditexport.retention.Purge;
import dev.dome.auditexport.retention.PurgeStore;
import dev.dome.journal.adapter.db.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * {@link PurgeStore} on PostgreSQL. The service's own role may not purge: it takes on, for one
 * transaction, the role that may do nothing else.
 */
@Singleton
public final class PgPurgeStore implements PurgeStore {
  private static final String AS_PURGER = "select set_config('role', 'dome_audit_purge', true)";

  private static final String PURGE =
      """
      select outcome, runs, records, kept_records
      from audit_export.purge(:class, :month, :actor, :authority, :reason)
      """;

  private static final String EXPIRING =
      """
      select retention_class, month, days, expires_at_ms, is_due, runs, access_records, held_runs,
        estimated_records
      from purgeable_within(:most)
      """;

  /** Somebody changed what the purge had looked at; a lock did not come; a deadlock was broken. */
  private static final Set<String> ANOTHER_TIME = Set.of("40001", "40P01", "55P03");

  private static final int MAX_CAUSES = 10;

  private final Transactions transactions;

  @Inject
  PgPurgeStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** A row of {@code purgeable_within()}. */
  record ExpiringRow(
      String retentionClass,
      int month,
      int days,
      long expiresAtMs,
      boolean isDue,
      long runs,
      Long accessRecords,
      Long heldRuns,
      Long estimatedRecords) {

    Expiring expiring() {
      return new Expiring(
          retentionClass,
          YearMonth.of(month / 100, month % 100),
          days,
          expiresAtMs,
          isDue,
          runs,
          counted(accessRecords),
          counted(heldRuns),
          counted(estimatedRecords));
    }

    private static OptionalLong counted(Long column) {
      return column == null ? OptionalLong.empty() : OptionalLong.of(column);
    }
  }

  @Override
  public Uni<Integer> settle(int most) {
    return transactions.in((session, context) ->
        session
            .createNativeQuery("select settle(:most)", Integer.class)
            .setParameter("most", most)
            .getSingleResult());
  }

  @Override
  public Uni<List<Expiring>> expiring(long mostRecords) {
    return transactions.unbounded((session, context) ->
        Rows.of(session, EXPIRING, Map.of("most", mostRecords), ExpiringRow.class)
            .map(rows -> rows.stream().map(ExpiringRow::expiring).toList()));
  }

  @Override
  public Uni<Purge.Result> purge(Purge.Order order) {
    return transactions
        .unbounded((session, context) ->
            Rows.answer(session, AS_PURGER, Map.of()).flatMap(role -> ordered(session, order)))
        .onFailure(PgPurgeStore::isForAnotherTime)
        .recoverWithItem(new Purge.Result(Purge.Outcome.BUSY, 0, 0, 0));
  }

  private static Uni<Purge.Result> ordered(Mutiny.Session session, Purge.Order order) {
    return Rows.of(
            session,
            PURGE,
            Map.of(
                "class", order.retentionClass(),
                "month", order.month().getYear() * 100 + order.month().getMonthValue(),
                "actor", order.actor(),
                "authority", order.authority(),
                "reason", order.reason()),
            Purge.Result.class)
        .map(List::getFirst);
  }

  private static boolean isForAnotherTime(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof PgException pg) {
        return pg.getSqlState() != null && ANOTHER_TIME.contains(pg.getSqlState());
      }
      cause = cause.getCause();
    }
    return false;
  }

  @Override
  public Uni<Long> holds() {
    return transactions.bounded((session, context) ->
        session
            .createNativeQuery(
                "select count(*) from legal_hold where released_at_ms is null", Long.class)
            .getSingleResult());
  }
}
