package dev.dome.provenance.application;

/** Is told what becomes of statements, for metrics. */
public interface SealObserver {
  /** Statements were stored, and the checkpoint that covers them was published. */
  void sealed(int statements, long logSize);

  /** A run or a replay waited that long for its statements, from being stored to the checkpoint. */
  void waited(long lagMs);

  /** What waits, as of the last round, and for how long the first does. */
  void backlog(long count, long oldestAgeMs);

  /** A round failed; it is tried again. */
  void failed();

  /** Whether the log is not what was published of it, so that nothing is signed. */
  void halted(boolean halted);
}
