package dev.dome.provenance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What one transaction of many runs does to the others when the store refuses one. */
class ManifestLoopTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final RunUid REFUSED = new RunUid("f".repeat(32));

  @Test
  void aRunThatTheStoreRefusesHoldsUpNoOther() {
    LongRun run = new LongRun(1);
    List<JsonNode> rows = new ArrayList<>();
    long unused =
        new Ledgers(run)
            .read(LongRun.NAMESPACE, LongRun.RUN_ID, rows::add)
            .await()
            .atMost(PATIENCE);
    LedgerSource same =
        (namespace, runId, after) ->
            Uni.createFrom().item(new LedgerSource.Page(rows, OptionalLong.empty()));
    CompletedRun sound = run.completed();
    Store store = new Store(List.of(named(sound, REFUSED), sound));

    try (ManifestLoop loop =
        new ManifestLoop(
            store,
            new FollowedLedgers(0),
            new Ledgers(same),
            new Unheard(),
            Clock.systemUTC(),
            new ManifestLoop.Settings(60_000, 64, 2, 10_000, 10_000, 1_000))) {
      loop.start();
      await().atMost(PATIENCE).until(() -> store.postponed.contains(REFUSED));
      await().atMost(PATIENCE).until(() -> store.settled.contains(sound.runUid()));
    }

    assertThat(store.settled).containsExactly(sound.runUid());
    assertThat(store.postponed).containsExactly(REFUSED);
  }

  private static CompletedRun named(CompletedRun run, RunUid runUid) {
    return new CompletedRun(
        runUid, run.namespace(), run.runId(), run.sequence(), run.headHash(), run.completedAtMs());
  }

  /** Refuses whatever has the one run in it. */
  private static final class Store implements ProvenanceStore {
    private final Set<RunUid> settled = ConcurrentHashMap.newKeySet();
    private final Set<RunUid> postponed = ConcurrentHashMap.newKeySet();
    private final List<CompletedRun> runs;

    private Store(List<CompletedRun> runs) {
      this.runs = runs;
    }

    @Override
    public Uni<List<Awaiting>> due(long nowMs, int limit) {
      return Uni.createFrom()
          .item(
              runs.stream()
                  .filter(run -> !settled.contains(run.runUid()))
                  .filter(run -> !postponed.contains(run.runUid()))
                  .map(run -> new Awaiting(run, 0))
                  .toList());
    }

    @Override
    public Uni<Void> settle(List<Settled> together) {
      List<RunUid> uids = together.stream().map(one -> one.run().runUid()).toList();
      if (uids.contains(REFUSED)) {
        return Uni.createFrom().failure(new IllegalStateException("a check of the table"));
      }
      settled.addAll(uids);
      return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Void> postpone(Awaiting run, long dueAtMs) {
      postponed.add(run.run().runUid());
      return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Long> awaiting() {
      return Uni.createFrom().item(0L);
    }

    @Override
    public Uni<Void> dispute(Awaiting run, Replay replay, long dueAtMs) {
      throw notAsked();
    }

    @Override
    public Uni<Long> position(Lane lane) {
      throw notAsked();
    }

    @Override
    public Uni<Boolean> apply(List<JournalBatch> batches, List<CompletedRun> completed) {
      throw notAsked();
    }

    @Override
    public Uni<ManifestState> manifest(NamespaceId namespace, RunId runId) {
      throw notAsked();
    }

    @Override
    public Uni<Void> add(Replay replay) {
      throw notAsked();
    }

    @Override
    public Uni<Optional<Replay>> replay(NamespaceId namespace, String replayId) {
      throw notAsked();
    }

    @Override
    public Uni<List<Replay>> replays(NamespaceId namespace, Optional<Before> before, int limit) {
      throw notAsked();
    }

    private static AssertionError notAsked() {
      return new AssertionError("the loop has no use for this");
    }
  }

  private static final class Unheard implements ProvenanceObserver {
    @Override
    public void replayed(boolean match) {
      assertThat(match).isTrue();
    }

    @Override
    public void manifested(long lagMs) {
      // The store says what was settled.
    }

    @Override
    public void failed() {
      // The store says what was postponed.
    }

    @Override
    public void awaiting(long runs) {
      assertThat(runs).isZero();
    }
  }
}
