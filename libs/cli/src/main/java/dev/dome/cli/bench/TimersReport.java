package dev.dome.cli.bench;

import java.util.Arrays;
import java.util.Map;

/**
 * How late timers fired. A timer has fired when DOME_INBOX has stored its message, and is applied
 * when DOME_JOURNAL has stored the row its run's answer begins with.
 *
 * @param timers how many were due in the window
 * @param busiestSecond how many of them were due in the second that had the most
 * @param early how many fired before they were due: anything but 0 is a defect
 * @param repeated messages beyond the first of a timer; legal after a failure, 0 otherwise
 * @param applied how many runs answered, each once
 * @param fired in the order of time
 * @param untilApplied in the order of time; after a pause of the state-controller it shows that
 *     only
 * @param firedPerSecond on the average between the first and the last that fired; where they were
 *     piled up, what retry-scheduler can do at most
 * @param cpuMs processor time of each process from the first due time until the last timer fired
 * @param bounds null when the servers are not the bench's own
 */
record TimersReport(
    TimersPlan plan,
    int timers,
    int busiestSecond,
    int early,
    int repeated,
    int applied,
    Lateness fired,
    Lateness untilApplied,
    double firedPerSecond,
    Map<String, Long> cpuMs,
    TimerBounds bounds) {

  /** Milliseconds after the due time, nearest rank. */
  record Lateness(double p50Ms, double p99Ms, double maxMs) {
    static Lateness of(long[] lateMs) {
      double[] sorted = Arrays.stream(lateMs).asDoubleStream().sorted().toArray();
      return new Lateness(
          RunsBench.percentile(sorted, 50),
          RunsBench.percentile(sorted, 99),
          RunsBench.percentile(sorted, 100));
    }
  }

  /**
   * What is aimed at: nothing early, nothing twice, and nothing more than two seconds late unless
   * it was held up.
   */
  boolean met() {
    return early == 0
        && repeated == 0
        && timers == plan.timers()
        && applied == timers
        && (plan.piled() || fired.maxMs() <= LATEST_MS);
  }

  static final long LATEST_MS = 2_000;

  /** Due in a second, on the average. */
  double duePerSecond() {
    return (double) timers / plan.seconds();
  }
}
