package dev.dome.retryscheduler.application;

/** Is told what the breaker loop does, for metrics. */
public interface BreakerObserver {
  /** Every lane was told of a change. */
  void changed(BreakerChange change);

  /** Some lane was not told, or a round could not be made; it is tried again. */
  void failed();

  /** How many breakers are not closed, as of the last round. */
  void notClosed(long breakers);
}
