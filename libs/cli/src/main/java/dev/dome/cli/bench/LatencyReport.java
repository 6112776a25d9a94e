package dev.dome.cli.bench;

import java.util.List;

/** Latency of W3 at fixed rates. */
record LatencyReport(List<AtRate> rates) {
  /**
   * From the moment at which a run was to be submitted until it was promoted.
   *
   * @param achievedPerSecond runs that ended in a second, from the first that was to be submitted
   *     to the last that ended
   */
  record AtRate(
      double runsPerSecond,
      int runs,
      double achievedPerSecond,
      double p50Ms,
      double p99Ms,
      double maxMs) {}
}
