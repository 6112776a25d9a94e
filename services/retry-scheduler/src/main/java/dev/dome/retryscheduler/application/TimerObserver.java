package dev.dome.retryscheduler.application;

/** Is told what the firing loop does, for metrics. */
public interface TimerObserver {
  /**
   * A timer was published and marked.
   *
   * @param latenessMs between its due time and now
   */
  void fired(Timer timer, long latenessMs);

  /** Timers were fired again, because their runs had not moved. */
  void firedAgain(int timers);

  /** A timer was not published, or a round could not be made; it is tried again. */
  void failed();

  /** How many timers wait, as of the last round. */
  void pending(long timers);
}
