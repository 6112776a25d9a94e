package dev.dome.provenance.application;

/** Is told what happens, for metrics. */
public interface ProvenanceObserver {
  /** A ledger was replayed. */
  void replayed(boolean match);

  /**
   * A manifest was stored.
   *
   * @param lagMs since its run completed
   */
  void manifested(long lagMs);

  /** A run could not be looked at; it is tried again. */
  void failed();

  /** How many runs await their manifest, as of the last round. */
  void awaiting(long runs);
}
