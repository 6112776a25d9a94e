package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.kernel.JournalRow;
import dev.dome.verification.invariant.ObservedRun;
import dev.dome.verification.invariant.RunInvariants;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold in a store once every fault is over and every run had time to end. */
final class JournalCheck {
  private static final int AUDITED_EVERY = 4;

  private final MemoryStore store;

  JournalCheck(MemoryStore store) {
    this.store = store;
  }

  void check(SimulatedInbox.Stream inbox, SimulatedStream published) {
    everyMessageIsAnswered(inbox);
    lanesAreGapless(published);
    everyRunHolds();
    nothingIsLeftBehind();
  }

  /** A change of a breaker is no operation. */
  private void everyMessageIsAnswered(SimulatedInbox.Stream inbox) {
    for (InboxMessage message : inbox.acknowledged()) {
      if (message.kind() != InboxKind.BREAKER_CHANGED) {
        assertThat(store.operations)
            .as("what became of %s %s", message.kind(), message.operationId())
            .containsKey(new Store.OperationName(Simulation.NAMESPACE, message.operationId()));
      }
    }
  }

  private void lanesAreGapless(SimulatedStream published) {
    for (Lane lane : store.positions.keySet()) {
      List<JournalRow> rows = store.after(lane, 0, Integer.MAX_VALUE);
      assertThat(rows).hasSize(store.positions.get(lane).intValue());
      assertThat(rows.isEmpty() || rows.getLast().lanePosition() == rows.size())
          .as("lane %s has no gap", lane)
          .isTrue();
      assertThat(published.of(lane))
          .as("the stream of lane %s is its journal", lane)
          .isEqualTo(rows);
    }
  }

  /**
   * What an auditor would look at, with the verifier that is shipped. It refolds, which every
   * commit did before, so one run of each few must do.
   */
  private void everyRunHolds() {
    int number = 0;
    Map<RunUid, List<PublishedRow>> byRun = new LinkedHashMap<>();
    store.journal.forEach(
        row -> byRun.computeIfAbsent(row.runUid(), k -> new ArrayList<>()).add(published(row)));
    assertThat(byRun.keySet()).containsExactlyInAnyOrderElementsOf(store.runs.keySet());
    for (Map.Entry<RunUid, List<PublishedRow>> one : byRun.entrySet()) {
      if (number++ % AUDITED_EVERY == 0) {
        holds(store.runs.get(one.getKey()), one.getValue());
      }
    }
  }

  private static void holds(Changes.RunRow run, List<PublishedRow> rows) {
    ObservedRun observed =
        new ObservedRun(
            run.state().namespace(),
            run.state().runId(),
            rows,
            Optional.of(
                new ObservedRun.Shown(
                    true,
                    run.state().sequence(),
                    run.headHash(),
                    run.stateHash(),
                    Optional.empty())));
    assertThat(RunInvariants.check(observed)).isEmpty();
  }

  private static PublishedRow published(JournalRow row) {
    return new PublishedRow(
        row.runUid(),
        row.namespace(),
        row.lane(),
        row.lanePosition(),
        PublishedRow.Kind.valueOf(row.kind().name()),
        row.envelope(),
        row.prevHash(),
        row.hash());
  }

  private void nothingIsLeftBehind() {
    assertThat(store.runs.values())
        .as("every run is final")
        .allMatch(row -> row.state().status().isFinal());
    assertThat(store.leases.values()).allMatch(Store.Lease::ended);
    assertThat(store.permits).isEmpty();
    assertThat(store.poison).isEmpty();
  }
}
