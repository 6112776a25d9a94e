package dev.dome.provenance.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerification;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Verifies runs on request, ended or not. */
public final class Replays {
  private final Ledgers ledgers;
  private final ProvenanceStore store;
  private final ProvenanceObserver observer;
  private final Clock clock;
  private final long maxRows;

  /**
   * Replays of ledgers.
   *
   * @param maxRows of a ledger that is replayed while somebody waits
   */
  public Replays(
      Ledgers ledgers,
      ProvenanceStore store,
      ProvenanceObserver observer,
      Clock clock,
      long maxRows) {
    this.ledgers = ledgers;
    this.store = store;
    this.observer = observer;
    this.clock = clock;
    this.maxRows = maxRows;
  }

  /** Nobody can wait for the replay of so large a ledger. */
  public static final class TooLargeException extends RuntimeException {
    TooLargeException(long maxRows) {
      super("the ledger has more than " + maxRows + " rows");
    }
  }

  /**
   * Replays the run as it stands now and stores what was found; empty without such a run. Fails
   * with {@link LedgerUnavailableException} or {@link TooLargeException}.
   */
  public Uni<Optional<Replay>> verify(NamespaceId namespace, RunId runId, String requestedBy) {
    LedgerVerification verification = new LedgerVerification();
    AtomicLong rows = new AtomicLong();
    return ledgers
        .read(
            namespace,
            runId,
            row -> {
              if (rows.incrementAndGet() > maxRows) {
                throw new TooLargeException(maxRows);
              }
              return verification.add(row);
            })
        .flatMap(read -> {
          if (read == 0) {
            return Uni.createFrom().item(Optional.<Replay>empty());
          }
          Finding finding = verification.finding();
          observer.replayed(finding instanceof Finding.Match);
          Replay replay = made(namespace, runId, requestedBy, clock.millis(), finding);
          return store.add(replay).replaceWith(Optional.of(replay));
        });
  }

  static Replay made(
      NamespaceId namespace, RunId runId, String requestedBy, long atMs, Finding finding) {
    return new Replay(newId(), namespace, runId, requestedBy, atMs, finding);
  }

  static String newId() {
    return "rpl-" + UUID.randomUUID();
  }
}
