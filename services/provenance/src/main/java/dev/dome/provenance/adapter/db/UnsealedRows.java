package dev.dome.provenance.adapter.db;

import dev.dome.provenance.application.Unsealed;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/** Rows of {@code unsealed}, and what each of them is of. */
final class UnsealedRows {
  private final Mutiny.Session session;
  private final List<UnsealedEntity> rows;
  private final Map<String, CompletedRunEntity> runs = new HashMap<>();
  private final Map<String, ManifestEntity> manifests = new HashMap<>();
  private final Map<String, ReplayEntity> replays = new HashMap<>();
  private final Map<String, TombstoneEntity> tombstones = new HashMap<>();

  UnsealedRows(Mutiny.Session session, List<UnsealedEntity> rows) {
    this.session = session;
    this.rows = rows;
  }

  /** What they are of, in their order: one kind is read after the other, as a session allows. */
  Uni<List<Unsealed>> found() {
    return read(
            UnsealedEntity.RUN,
            "from CompletedRun where runUid in :ids",
            CompletedRunEntity.class,
            run -> run.runUid,
            runs)
        .chain(() ->
            read(
                UnsealedEntity.RUN,
                "from Manifest where runUid in :ids",
                ManifestEntity.class,
                manifest -> manifest.runUid,
                manifests))
        .chain(() ->
            read(
                UnsealedEntity.REPLAY,
                "from Replay where replayId in :ids",
                ReplayEntity.class,
                replay -> replay.replayId,
                replays))
        .chain(() ->
            read(
                UnsealedEntity.TOMBSTONE,
                "from Tombstone where digest in :ids",
                TombstoneEntity.class,
                tombstone -> tombstone.digest,
                tombstones))
        .map(read -> rows.stream().map(this::unsealed).toList());
  }

  private <T> Uni<Void> read(
      String kind, String query, Class<T> type, Function<T, String> id, Map<String, T> to) {
    List<String> ids =
        rows.stream().filter(row -> row.kind.equals(kind)).map(row -> row.id).toList();
    return ids.isEmpty()
        ? Uni.createFrom().voidItem()
        : session
            .createSelectionQuery(query, type)
            .setParameter("ids", ids)
            .getResultList()
            .invoke(found -> found.forEach(one -> to.put(id.apply(one), one)))
            .replaceWithVoid();
  }

  private Unsealed unsealed(UnsealedEntity row) {
    return switch (row.kind) {
      case UnsealedEntity.RUN ->
          new Unsealed.OfRun(
              row.seq,
              row.sinceMs,
              runs.get(row.id).awaiting().run(),
              manifests.get(row.id).manifest(),
              manifests.get(row.id).storedAtMs);
      case UnsealedEntity.REPLAY ->
          new Unsealed.OfReplay(row.seq, row.sinceMs, replays.get(row.id).replay());
      case UnsealedEntity.TOMBSTONE ->
          new Unsealed.OfPurge(row.seq, row.sinceMs, tombstones.get(row.id).purged());
      default -> throw new IllegalStateException("the query gives no " + row.kind);
    };
  }
}
