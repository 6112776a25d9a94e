package dev.dome.cli.bench;

import java.util.List;

/**
 * What was measured, beside what others came to.
 *
 * @param workload what the runs were
 * @param promoted runs of the throughput part that were promoted
 * @param tookMs from the first submission to the last promotion
 * @param rowsPerRun journal rows of one run
 * @param costs null when the server is not the measurement's own
 * @param bounds null when there is no local stack to measure
 * @param peers others at the same workload; empty where nobody measured them
 * @param aloneP50Ms one run at a time, submission to promotion; nearest rank
 */
record RunsReport(
    String workload,
    RunsPlan plan,
    int promoted,
    long tookMs,
    double runsPerSecond,
    double aloneP50Ms,
    double aloneP99Ms,
    long rowsPerRun,
    Costs costs,
    Bounds bounds,
    List<Workload.Peer> peers) {

  /** Journal rows that were committed in a second of the throughput part. */
  double rowsPerSecond() {
    return runsPerSecond * rowsPerRun;
  }

  RunsReport with(Bounds measured) {
    return new RunsReport(
        workload,
        plan,
        promoted,
        tookMs,
        runsPerSecond,
        aloneP50Ms,
        aloneP99Ms,
        rowsPerRun,
        costs,
        measured,
        peers);
  }
}
