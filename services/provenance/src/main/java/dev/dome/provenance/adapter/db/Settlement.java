package dev.dome.provenance.adapter.db;

import dev.dome.journal.adapter.db.Columns;
import dev.dome.provenance.application.ProvenanceStore.Settled;
import dev.dome.provenance.application.Replay;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Stores manifests and their replays and settles their runs by one statement, whatever their
 * number. A run that somebody else settled adds nothing.
 */
final class Settlement {
  private static final String SETTLE =
      """
      with made as (
        select * from unnest(
          cast(:uids as text[]), cast(:digests as text[]), cast(:manifests as text[]),
          cast(:gates as text[]), cast(:replays as text[]), cast(:namespaces as text[]),
          cast(:runs as text[]), cast(:times as bigint[]), cast(:sequences as bigint[]),
          cast(:statuses as text[]), cast(:complete as boolean[]), cast(:heads as text[]),
          cast(:states as text[]))
        as run (run_uid, sha256, manifest, run_gate, replay_id, namespace, run_id, verified_at_ms,
                sequence, status, complete, head_hash, state_sha256)),
      ours as (
        select run_uid from completed_run
        where run_uid in (select run_uid from made) and not settled
        order by run_uid for update),
      settled as (
        update completed_run set settled = true where run_uid in (select run_uid from ours)
        returning run_uid),
      kept as (
        insert into manifest (run_uid, sha256, body, run_gate, stored_at_ms)
        select run_uid, sha256, convert_to(manifest, 'UTF8'), run_gate, verified_at_ms
        from made join settled using (run_uid))
      insert into replay
        (replay_id, namespace, run_id, requested_by, verified_at_ms, result, sequence, run_uid,
         status, complete, head_hash, state_sha256)
      select replay_id, namespace, run_id, :itself, verified_at_ms, 'MATCH', sequence, run_uid,
        status, complete, head_hash, state_sha256
      from made join settled using (run_uid)
      """;

  private Settlement() {}

  /** Completes once all is sent; it is stored with the transaction. */
  static Uni<Void> of(Mutiny.Session session, List<Settled> runs) {
    Columns<Settled> columns = new Columns<>(runs);
    return session
        .createNativeQuery(SETTLE)
        .setParameter("itself", Replay.BY_ITSELF)
        .setParameter("uids", columns.texts(settled -> settled.run().runUid().value()))
        .setParameter("digests", columns.texts(settled -> settled.manifest().sha256()))
        .setParameter("manifests", columns.texts(settled -> settled.manifest().text()))
        .setParameter("gates", columns.texts(settled -> settled.manifest().runGate()))
        .setParameter("replays", columns.texts(Settled::replayId))
        .setParameter("namespaces", columns.texts(settled -> settled.run().namespace().value()))
        .setParameter("runs", columns.texts(settled -> settled.run().runId().value()))
        .setParameter("times", columns.longs(Settled::verifiedAtMs))
        .setParameter("sequences", columns.longs(settled -> settled.match().sequence()))
        .setParameter("statuses", columns.texts(settled -> settled.match().status()))
        .setParameter("complete", columns.flags(settled -> settled.match().complete()))
        .setParameter("heads", columns.texts(settled -> settled.match().headHash()))
        .setParameter("states", columns.texts(settled -> settled.match().stateSha256()))
        .executeUpdate()
        .replaceWithVoid();
  }
}
