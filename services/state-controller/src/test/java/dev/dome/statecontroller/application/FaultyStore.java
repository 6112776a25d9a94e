package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A store whose next commit fails in the way a test asks for. */
final class FaultyStore implements Store {
  /** What happens at the next commit. */
  enum Fault {
    NONE,
    /** The connection is lost before anything is durable. */
    LOST_BEFORE,
    /** It is durable, but nobody hears of it. */
    LOST_AFTER,
    CONFLICT
  }

  private final Store store;
  Fault fault = Fault.NONE;

  FaultyStore(Store store) {
    this.store = store;
  }

  @Override
  public Transaction begin(Map<Lane, Long> epochs, Wanted wanted) {
    return new FaultyTransaction(store.begin(epochs, wanted));
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
      return transaction.runs(runUids);
    }

    @Override
    public List<Permit> acquire(List<Permit> permits, List<AttemptId> ended) {
      return transaction.acquire(permits, ended);
    }

    @Override
    public List<RunUid> guarded(LaneBreaker breaker, int max) {
      return transaction.guarded(breaker, max);
    }

    @Override
    public void commit(Changes changes) {
      Fault now = fault;
      fault = Fault.NONE;
      switch (now) {
        case LOST_BEFORE -> throw asked(StoreException.Kind.UNKNOWN);
        case CONFLICT -> throw asked(StoreException.Kind.CONFLICT);
        case NONE -> transaction.commit(changes);
        case LOST_AFTER -> {
          transaction.commit(changes);
          throw asked(StoreException.Kind.UNKNOWN);
        }
      }
    }

    private static StoreException asked(StoreException.Kind kind) {
      return new StoreException(kind, new IllegalStateException("asked for"));
    }

    @Override
    public void close() {
      transaction.close();
    }
  }
}
