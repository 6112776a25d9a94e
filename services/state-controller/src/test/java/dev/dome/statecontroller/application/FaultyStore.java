package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalRow;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A store whose every call may fail or be the last thing its process does. */
final class FaultyStore implements Store, JournalTable {
  private final Store store;
  private final JournalTable table;
  private final Faults faults;

  FaultyStore(Store store, JournalTable table, Faults faults) {
    this.store = store;
    this.table = table;
    this.faults = faults;
  }

  @Override
  public Transaction begin(Map<Lane, Long> epochs, Wanted wanted) {
    return new FaultyTransaction(
        faults.storeCall("begin " + epochs, () -> store.begin(epochs, wanted)));
  }

  @Override
  public Map<Lane, Published> published(Collection<Lane> lanes) {
    return faults.storeCall("published", () -> table.published(lanes));
  }

  @Override
  public List<JournalRow> after(Lane lane, long position, int max) {
    return faults.storeCall("after " + lane, () -> table.after(lane, position, max));
  }

  @Override
  public void record(Map<Lane, Published> progress) {
    faults.storeCall(
        "record",
        () -> {
          table.record(progress);
          return progress;
        });
  }

  private final class FaultyTransaction implements Transaction {
    private final Transaction transaction;

    private FaultyTransaction(Transaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public Found found() {
      return transaction.found();
    }

    @Override
    public List<StoredRun> runs(Set<RunUid> runUids) {
      return faults.storeCall("runs", () -> transaction.runs(runUids));
    }

    @Override
    public Usage usage(Set<LimitKey> limits, Set<AttemptId> ended) {
      return faults.storeCall("usage", () -> transaction.usage(limits, ended));
    }

    @Override
    public List<RunUid> guarded(LaneBreaker breaker, int max) {
      return transaction.guarded(breaker, max);
    }

    @Override
    public void commit(Changes changes) {
      faults.storeCall(
          "commit",
          () -> {
            transaction.commit(changes);
            changes.journal().forEach(line -> faults.note(line.row().hash()));
            return changes;
          });
    }

    /** Undoes what is open, as the server does when the process is gone. */
    @Override
    public void close() {
      transaction.close();
    }
  }
}
