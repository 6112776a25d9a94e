package dev.dome.cli.bench;

import java.util.List;

/**
 * What was measured, beside what others came to.
 *
 * @param promoted runs of the throughput part that were promoted
 * @param tookMs from the first submission to the last promotion
 * @param rowsPerRun journal rows of one run
 * @param costs null when the server is not the measurement's own
 * @param bounds null when there is no local stack to measure
 * @param aloneP50Ms one run at a time, submission to promotion; nearest rank
 */
record W3Report(
    W3Plan plan,
    int promoted,
    long tookMs,
    double runsPerSecond,
    double aloneP50Ms,
    double aloneP99Ms,
    long rowsPerRun,
    Costs costs,
    Bounds bounds,
    List<Peer> peers,
    String remark) {

  /** Journal rows that were committed in a second of the throughput part. */
  double rowsPerSecond() {
    return runsPerSecond * rowsPerRun;
  }

  W3Report with(Bounds measured) {
    return new W3Report(
        plan,
        promoted,
        tookMs,
        runsPerSecond,
        aloneP50Ms,
        aloneP99Ms,
        rowsPerRun,
        costs,
        measured,
        peers,
        remark);
  }

  /** Another system's figures, as they were measured; ranges span repeats. */
  record Peer(String name, String runsPerSecond, String aloneMs) {}

  /**
   * Measured on a machine of 2 cores with clients and databases on it, medians of windows of 20 s,
   * ±20 % between repeats.
   */
  static final List<Peer> PEERS =
      List.of(
          new Peer("db-scheduler 16.12 on PostgreSQL (a library)", "682", "106 / 119"),
          new Peer("Restate 1.7.12, one handler with three steps", "544–662", "8–10 / 19–30"),
          new Peer("DBOS 5.3 on PostgreSQL, in-process", "256–326", "12–15 / 20–38"),
          new Peer("Restate 1.7.12, three service calls (like for like)", "240", "26 / 46"),
          new Peer("DBOS 5.3 on PostgreSQL, queue", "196", "104 / 206"),
          new Peer("Zeebe 8.6, one partition", "134", "17 / 53"),
          new Peer("Conductor 3.32 on PostgreSQL", "22", "251 / 393"));

  static final String REMARK =
      "Peers were measured on a 2-core machine that also held clients and databases; compare only"
          + " with a machine like it. Clients ran in this process, on the measured machine.";
}
