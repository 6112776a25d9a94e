package dev.dome.auditexport.retention.adapter.db;

import dev.dome.auditexport.retention.HoldStore;
import dev.dome.auditexport.retention.LegalHold;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.journal.adapter.db.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link HoldStore} on PostgreSQL. */
@Singleton
public final class PgHoldStore implements HoldStore {
  private static final String PLACE =
      """
      select place_hold(:namespace, :hold, cast(nullif(:run, '') as text), :reason, :authority,
        :actor)
      """;

  private static final String LIST =
      """
      select namespace, hold_id, run_id, reason, authority, placed_by, placed_at_ms, released_by,
        released_at_ms, release_reason
      from legal_hold
      where namespace = :namespace and hold_id > :after
        and (released_at_ms is null or not :inForceOnly)
      order by hold_id limit :most
      """;

  private static final String FIND =
      """
      select namespace, hold_id, run_id, reason, authority, placed_by, placed_at_ms, released_by,
        released_at_ms, release_reason
      from legal_hold
      where namespace = :namespace and hold_id = :hold
      """;

  private final Transactions transactions;

  @Inject
  PgHoldStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** A row of {@code legal_hold}. */
  record HoldRow(
      NamespaceId namespace,
      String holdId,
      RunId runId,
      String reason,
      String authority,
      String placedBy,
      long placedAtMs,
      String releasedBy,
      Long releasedAtMs,
      String releaseReason) {

    LegalHold hold() {
      return new LegalHold(
          namespace,
          holdId,
          runId,
          reason,
          authority,
          placedBy,
          placedAtMs,
          releasedAtMs == null
              ? null
              : new LegalHold.Release(releasedBy, releasedAtMs, releaseReason));
    }
  }

  @Override
  public Uni<Placed> place(LegalHold.Wanted wanted) {
    return transactions.bounded((session, context) ->
        Rows.answer(
                session,
                PLACE,
                Map.of(
                    "namespace", wanted.namespace().value(),
                    "hold", wanted.holdId(),
                    "run", wanted.runId() == null ? "" : wanted.runId().value(),
                    "reason", wanted.reason(),
                    "authority", wanted.authority(),
                    "actor", wanted.actor()))
            .map(Placed::valueOf));
  }

  @Override
  public Uni<Released> release(NamespaceId namespace, String holdId, String reason, String actor) {
    return transactions.bounded((session, context) ->
        Rows.answer(
                session,
                "select release_hold(:namespace, :hold, :reason, :actor)",
                Map.of(
                    "namespace", namespace.value(),
                    "hold", holdId,
                    "reason", reason,
                    "actor", actor))
            .map(Released::valueOf));
  }

  @Override
  public Uni<Optional<LegalHold>> find(NamespaceId namespace, String holdId) {
    return transactions.bounded((session, context) ->
        Rows.of(
                session,
                FIND,
                Map.of("namespace", namespace.value(), "hold", holdId),
                HoldRow.class)
            .map(rows -> rows.stream().findFirst().map(HoldRow::hold)));
  }

  @Override
  public Uni<List<LegalHold>> list(
      NamespaceId namespace, boolean inForceOnly, String after, int limit) {
    return transactions.bounded((session, context) ->
        Rows.of(
                session,
                LIST,
                Map.of(
                    "namespace", namespace.value(),
                    "after", after,
                    "inForceOnly", inForceOnly,
                    "most", limit),
                HoldRow.class)
            .map(rows -> rows.stream().map(HoldRow::hold).toList()));
  }
}
