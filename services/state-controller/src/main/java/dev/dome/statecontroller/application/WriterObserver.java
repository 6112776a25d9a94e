package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import java.util.List;
import java.util.function.Supplier;

/** Hears what the lane writer does; must return at once and never throw. */
public interface WriterObserver {

  /**
   * A batch begins.
   *
   * @param traceparents those of its inputs, at most some dozens, no nulls; made when asked for
   */
  Scope batch(Supplier<List<String>> traceparents);

  /** A batch was not committed; the writer goes on by the kind of the failure. */
  void failed(StoreException failure);

  /** The writer failed in a way that nothing foresees; it begins anew from the store. */
  void broke(Throwable cause);

  /** An input was set aside. */
  void poisoned(Lane lane, long sequence, String cause);

  /** A decision about a run failed although no message asked for it. */
  void decisionFailed(RunUid runUid, RuntimeException cause);

  /** A heartbeat could not be decided; its asker repeats. */
  void heartbeatFailed(AttemptId attemptId, RuntimeException cause);

  void laneOpened(Lane lane, long epoch);

  void laneClosed(Lane lane, long epoch);

  /** Open from the begin of a batch until its end. */
  interface Scope extends AutoCloseable {
    /** The batch was committed. */
    void committed(BatchReport report);

    @Override
    void close();
  }

  /**
   * Facts of one batch.
   *
   * @param inputs messages of the inbox that were applied, repeats included
   * @param rows journal rows
   * @param decideNs from the begin of the transaction to its commit
   * @param commitNs the commit alone
   * @param changes what was committed
   */
  record BatchReport(
      int inputs, int rows, int grants, long decideNs, long commitNs, Changes changes) {}
}
