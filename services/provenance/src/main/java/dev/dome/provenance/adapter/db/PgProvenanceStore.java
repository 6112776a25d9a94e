package dev.dome.provenance.adapter.db;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.journal.adapter.db.Columns;
import dev.dome.journal.adapter.db.LaneCursors;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.messaging.JournalBatch;
import dev.dome.provenance.application.CompletedRun;
import dev.dome.provenance.application.ProvenanceStore;
import dev.dome.provenance.application.Replay;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link ProvenanceStore} on PostgreSQL. */
@ApplicationScoped
public class PgProvenanceStore implements ProvenanceStore {
  private static final String AWAIT =
      """
      insert into completed_run
        (run_uid, namespace, run_id, sequence, head_hash, completed_at_ms, settled, attempts,
         due_at_ms)
      select uid, namespace, run, sequence, head, completed, false, 0, completed
      from unnest(cast(:uids as text[]), cast(:namespaces as text[]), cast(:runs as text[]),
          cast(:sequences as bigint[]), cast(:heads as text[]), cast(:completed as bigint[]))
        as ended (uid, namespace, run, sequence, head, completed)
      on conflict do nothing
      """;

  private final Transactions transactions;
  private final LaneCursors cursors;

  @Inject
  PgProvenanceStore(Transactions transactions, LaneCursors cursors) {
    this.transactions = transactions;
    this.cursors = cursors;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return cursors.position(lane);
  }

  @Override
  public Uni<Boolean> apply(List<JournalBatch> batches, List<CompletedRun> completed) {
    return cursors.move(batches, session -> await(session, completed));
  }

  private static Uni<Integer> await(Mutiny.Session session, List<CompletedRun> runs) {
    if (runs.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    Columns<CompletedRun> columns = new Columns<>(runs);
    return session
        .createNativeQuery(AWAIT)
        .setParameter("uids", columns.texts(run -> run.runUid().value()))
        .setParameter("namespaces", columns.texts(run -> run.namespace().value()))
        .setParameter("runs", columns.texts(run -> run.runId().value()))
        .setParameter("sequences", columns.longs(CompletedRun::sequence))
        .setParameter("heads", columns.texts(CompletedRun::headHash))
        .setParameter("completed", columns.longs(CompletedRun::completedAtMs))
        .executeUpdate();
  }

  @Override
  public Uni<List<Awaiting>> due(long nowMs, int limit) {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery(
                "from CompletedRun where not settled and dueAtMs <= :now order by dueAtMs, runUid",
                CompletedRunEntity.class)
            .setParameter("now", nowMs)
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(CompletedRunEntity::awaiting).toList()));
  }

  @Override
  public Uni<Void> settle(List<Settled> runs) {
    return transactions.in((session, context) -> Settlement.of(session, runs));
  }

  @Override
  public Uni<Void> dispute(Awaiting run, Replay replay, long dueAtMs) {
    return transactions.in((session, context) ->
        later(session, run, dueAtMs)
            .flatMap(still ->
                still == 0
                    ? Uni.createFrom().voidItem()
                    : session.persist(ReplayEntity.of(replay))));
  }

  @Override
  public Uni<Void> postpone(Awaiting run, long dueAtMs) {
    return transactions.in((session, context) -> later(session, run, dueAtMs).replaceWithVoid());
  }

  private static Uni<Integer> later(Mutiny.Session session, Awaiting run, long dueAtMs) {
    return session
        .createMutationQuery(
            """
            update CompletedRun set attempts = attempts + 1, dueAtMs = :due
            where runUid = :runUid and not settled
            """)
        .setParameter("due", dueAtMs)
        .setParameter("runUid", run.run().runUid().value())
        .executeUpdate();
  }

  @Override
  public Uni<Long> awaiting() {
    return transactions.in((session, context) ->
        session
            .createSelectionQuery("select count(*) from CompletedRun where not settled", Long.class)
            .getSingleResult());
  }

  @Override
  public Uni<ManifestState> manifest(NamespaceId namespace, RunId runId) {
    return transactions.bounded((session, context) ->
        session
            .createSelectionQuery(
                """
                from CompletedRun where namespace = :namespace and runId = :runId
                order by completedAtMs desc
                """,
                CompletedRunEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("runId", runId.value())
            .setMaxResults(1)
            .getSingleResultOrNull()
            .flatMap(run ->
                run == null
                    ? Uni.createFrom().item(new ManifestState.Unknown())
                    : state(session, run)));
  }

  private static Uni<ManifestState> state(Mutiny.Session session, CompletedRunEntity run) {
    return run.settled
        ? session
            .find(ManifestEntity.class, run.runUid)
            .map(found -> new ManifestState.Stored(found.manifest()))
        : session
            .createSelectionQuery(
                """
                select count(*) from Replay
                where namespace = :namespace and runId = :runId and requestedBy = :itself
                  and result = 'DIFFERENCE' and verifiedAtMs >= :completed
                """,
                Long.class)
            .setParameter("namespace", run.namespace)
            .setParameter("runId", run.runId)
            .setParameter("itself", Replay.BY_ITSELF)
            .setParameter("completed", run.completedAtMs)
            .getSingleResult()
            .map(differences -> new ManifestState.Pending(differences > 0));
  }

  @Override
  public Uni<Void> add(Replay replay) {
    return transactions.bounded((session, context) -> session.persist(ReplayEntity.of(replay)));
  }

  @Override
  public Uni<Optional<Replay>> replay(NamespaceId namespace, String replayId) {
    return transactions.bounded((session, context) ->
        session
            .find(ReplayEntity.class, replayId)
            .map(found ->
                Optional.ofNullable(found)
                    .filter(row -> row.namespace.equals(namespace.value()))
                    .map(ReplayEntity::replay)));
  }

  @Override
  public Uni<List<Replay>> replays(NamespaceId namespace, Optional<Before> before, int limit) {
    Before bound = before.orElse(new Before(Long.MAX_VALUE, ""));
    return transactions.bounded((session, context) ->
        session
            .createSelectionQuery(
                """
                from Replay
                where namespace = :namespace
                  and (verifiedAtMs < :at or (verifiedAtMs = :at and replayId < :id))
                order by verifiedAtMs desc, replayId desc
                """,
                ReplayEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("at", bound.verifiedAtMs())
            .setParameter("id", bound.replayId())
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(ReplayEntity::replay).toList()));
  }
}
