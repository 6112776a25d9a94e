package dev.dome.cli.bench;

import java.util.List;

/**
 * Throughput of W3 beside stored runs, and how long the state-controller takes to start beside the
 * most of them.
 *
 * @param restartMs from its start to its readiness, after a kill
 */
record HistoryReport(RunsPlan plan, List<Beside> measured, long restartMs) {
  /** Median of the repeats, runs per second. */
  record Beside(long storedRuns, double runsPerSecond, List<Double> repeats) {}

  /** The slowest of the medians as a share of the fastest. */
  double worstShare() {
    double best = measured.stream().mapToDouble(Beside::runsPerSecond).max().orElseThrow();
    return measured.stream().mapToDouble(Beside::runsPerSecond).min().orElseThrow() / best;
  }
}
