package dev.dome.provenance.adapter.db;

import dev.dome.provenance.application.ProvenanceStore.Settled;
import dev.dome.provenance.application.Replay;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Stores manifests and their replays and settles their runs by one statement, whatever their
 * number, with one array for each column. A run that somebody else settled adds nothing.
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

  private final List<Settled> runs;

  private Settlement(List<Settled> runs) {
    this.runs = runs;
  }

  /** Completes once all is sent; it is stored with the transaction. */
  static Uni<Void> of(Mutiny.Session session, List<Settled> runs) {
    return new Settlement(runs).run(session);
  }

  private Uni<Void> run(Mutiny.Session session) {
    return session
        .createNativeQuery(SETTLE)
        .setParameter("itself", Replay.BY_ITSELF)
        .setParameter("uids", texts(settled -> settled.run().runUid().value()))
        .setParameter("digests", texts(settled -> settled.manifest().sha256()))
        .setParameter("manifests", texts(settled -> settled.manifest().text()))
        .setParameter("gates", texts(settled -> settled.manifest().runGate()))
        .setParameter("replays", texts(Settled::replayId))
        .setParameter("namespaces", texts(settled -> settled.run().namespace().value()))
        .setParameter("runs", texts(settled -> settled.run().runId().value()))
        .setParameter("times", longs(Settled::verifiedAtMs))
        .setParameter("sequences", longs(settled -> settled.match().sequence()))
        .setParameter("statuses", texts(settled -> settled.match().status()))
        .setParameter("complete", column(settled -> settled.match().complete(), Boolean[]::new))
        .setParameter("heads", texts(settled -> settled.match().headHash()))
        .setParameter("states", texts(settled -> settled.match().stateSha256()))
        .executeUpdate()
        .replaceWithVoid();
  }

  private String[] texts(Function<Settled, String> of) {
    return column(of, String[]::new);
  }

  private Long[] longs(Function<Settled, Long> of) {
    return column(of, Long[]::new);
  }

  private <T> T[] column(Function<Settled, T> of, IntFunction<T[]> array) {
    return runs.stream().map(of).toArray(array);
  }
}
