package dev.dome.kernel;

/** Why a breaker is in the phase it is in. */
public enum BreakerCause {
  /** Nothing has happened yet. */
  NEW,
  /** Too many of the results of the window were failures that may pass. */
  FAILURE_RATIO,
  /** A worker reported how long to stay away. */
  RETRY_AFTER,
  /** Its time to stay open is over. */
  OPEN_TIME_OVER,
  /** A probe failed. */
  PROBE_FAILED,
  /** Every probe passed. */
  PROBES_PASSED,
  /** An operator paused it. */
  PAUSED,
  /** An operator resumed it. */
  RESUMED,
  /** Runs know it so; why is not recorded, because the record was begun anew since. */
  TOLD_BEFORE
}
