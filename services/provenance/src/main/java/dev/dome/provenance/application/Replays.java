package dev.dome.provenance.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** Verifies runs on request, ended or not. */
public final class Replays {
  private final Ledgers ledgers;
  private final ProvenanceStore store;
  private final ProvenanceObserver observer;
  private final Clock clock;

  public Replays(Ledgers ledgers, ProvenanceStore store, ProvenanceObserver observer, Clock clock) {
    this.ledgers = ledgers;
    this.store = store;
    this.observer = observer;
    this.clock = clock;
  }

  /** Replays the run as it stands now and stores what was found; empty without such a run. */
  public Uni<Optional<Replay>> verify(NamespaceId namespace, RunId runId, String requestedBy) {
    return ledgers
        .whole(namespace, runId)
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .flatMap(rows -> {
          if (rows.isEmpty()) {
            return Uni.createFrom().item(Optional.<Replay>empty());
          }
          Finding finding = LedgerVerifier.verify(rows);
          observer.replayed(finding instanceof Finding.Match);
          Replay replay = made(namespace, runId, requestedBy, clock.millis(), finding);
          return store.add(replay).replaceWith(Optional.of(replay));
        });
  }

  static Replay made(
      NamespaceId namespace, RunId runId, String requestedBy, long atMs, Finding finding) {
    return new Replay("rpl-" + UUID.randomUUID(), namespace, runId, requestedBy, atMs, finding);
  }
}
