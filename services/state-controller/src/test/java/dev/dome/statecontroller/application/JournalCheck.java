package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Replay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What must hold in a store once every fault is over and every run had time to end. */
final class JournalCheck {
  private final MemoryStore store;

  JournalCheck(MemoryStore store) {
    this.store = store;
  }

  void check(SimulatedInbox.Stream inbox, SimulatedStream published) {
    everyMessageIsAnswered(inbox);
    lanesAreGapless(published);
    everyRunReplays();
    nothingIsLeftBehind();
  }

  private void everyMessageIsAnswered(SimulatedInbox.Stream inbox) {
    for (InboxMessage message : inbox.all()) {
      assertThat(store.operations)
          .as("what became of " + message.operationId())
          .containsKey(new Store.OperationName(Simulation.NAMESPACE, message.operationId()));
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

  /** The chain holds, and the inputs make every row and the stored state again. */
  private void everyRunReplays() {
    Map<RunUid, List<JournalRow>> byRun = new LinkedHashMap<>();
    store.journal.forEach(
        row -> byRun.computeIfAbsent(row.runUid(), k -> new ArrayList<>()).add(row));
    assertThat(byRun.keySet()).containsExactlyInAnyOrderElementsOf(store.runs.keySet());
    byRun.forEach((runUid, rows) -> {
      Changes.RunRow run = store.runs.get(runUid);
      assertThat(Replay.verify(rows))
          .isEqualTo(
              new Replay.Result.Match(
                  run.stateHash(), run.headHash(), run.state().sequence(), run.state().status()));
    });
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
