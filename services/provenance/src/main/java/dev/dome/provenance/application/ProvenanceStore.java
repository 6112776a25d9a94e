package dev.dome.provenance.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.messaging.JournalBatch;
import dev.dome.verification.Finding;
import dev.dome.verification.Manifest;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Completed runs, manifests, replays and cursors, durably. Every method is one transaction. */
public interface ProvenanceStore {

  /** Lane position of the last row whose effect is stored, 0 for none. */
  Uni<Long> position(Lane lane);

  /**
   * Stores that runs await their manifest, and moves the cursors behind the batches that told of
   * them. A run that is known already stays as it is.
   *
   * @return false, with nothing stored, when a cursor was elsewhere
   */
  Uni<Boolean> apply(List<JournalBatch> batches, List<CompletedRun> completed);

  /** Runs that await their manifest and are due, the longest due first. */
  Uni<List<Awaiting>> due(long nowMs, int limit);

  /**
   * Stores manifests and the replays that they stand on; the runs await nothing any more. Of a run
   * that another process settled first nothing changes.
   */
  Uni<Void> settle(List<Settled> runs);

  /** Stores a replay that found a difference; the run is looked at again later. */
  Uni<Void> dispute(Awaiting run, Replay replay, long dueAtMs);

  /** The run could not be looked at and is tried again later. */
  Uni<Void> postpone(Awaiting run, long dueAtMs);

  /** How many runs await their manifest. */
  Uni<Long> awaiting();

  /** What is known of a run's manifest. */
  Uni<ManifestState> manifest(NamespaceId namespace, RunId runId);

  /** Stores a replay that somebody asked for. */
  Uni<Void> add(Replay replay);

  Uni<Optional<Replay>> replay(NamespaceId namespace, String replayId);

  /** A namespace's replays, the latest first. */
  Uni<List<Replay>> replays(NamespaceId namespace, Optional<Before> before, int limit);

  /**
   * A run that awaits its manifest.
   *
   * @param attempts how often it was looked at in vain
   */
  record Awaiting(CompletedRun run, int attempts) {}

  /**
   * A run, its manifest and the replay that the manifest stands on.
   *
   * @param verifiedAtMs epoch milliseconds
   */
  record Settled(
      CompletedRun run,
      Manifest manifest,
      String replayId,
      long verifiedAtMs,
      Finding.Match match) {}

  /** Where a listing goes on. */
  record Before(long verifiedAtMs, String replayId) {}

  /** What is known of a run's manifest. */
  sealed interface ManifestState {
    record Stored(Manifest manifest) implements ManifestState {}

    /**
     * The run ended and has none yet.
     *
     * @param disputed whether a replay found a difference
     */
    record Pending(boolean disputed) implements ManifestState {}

    /** No such run ended. */
    record Unknown() implements ManifestState {}
  }
}
