package dev.dome.cli.bench;

import java.io.PrintWriter;
import java.util.Locale;

/** A report of runs for people. */
final class RunsTable {
  private RunsTable() {}

  static void print(PrintWriter out, RunsReport report) {
    out.printf(
        Locale.ROOT,
        "%s: %d of %d runs promoted in %.2f s, %d workers with %d slots, %d clients,"
            + " after %d runs of warm-up%n%n",
        report.workload(),
        report.promoted(),
        report.plan().runs(),
        report.tookMs() / 1e3,
        report.plan().workers(),
        report.plan().slots(),
        report.plan().clients(),
        report.plan().warmup());
    out.printf("%-52s %9s  %s%n", "", "runs/s", "one run alone p50 / p99 ms");
    out.printf(
        Locale.ROOT,
        "%-52s %9.0f  %.1f / %.1f%n",
        "dome, this measurement",
        report.runsPerSecond(),
        report.aloneP50Ms(),
        report.aloneP99Ms());
    for (Workload.Peer peer : report.peers()) {
      out.printf("%-52s %9s  %s%n", peer.name(), peer.runsPerSecond(), peer.aloneMs());
    }
    if (report.costs() != null) {
      print(out, report.costs());
    }
    if (report.bounds() != null) {
      print(out, report, report.bounds());
    }
    if (!report.peers().isEmpty()) {
      out.printf("%n%s%n", Workload.Peer.REMARK);
    }
    out.flush();
  }

  private static void print(PrintWriter out, Costs costs) {
    out.printf("%n%-52s %9s  %s%n", "of one run", "CPU ms", "memory MB, all");
    costs
        .perRun()
        .cpuMs()
        .forEach((name, ms) ->
            out.printf(
                Locale.ROOT,
                "%-52s %9.2f  %s%n",
                name,
                ms,
                costs.memoryMb().getOrDefault(name, 0L)));
    out.printf(
        Locale.ROOT,
        "%-52s %9.2f%n%-52s %9.1f%n%-52s %9.1f%n",
        "all",
        costs.perRun().allCpuMs(),
        "commits",
        costs.perRun().commits(),
        "messages to and from NATS",
        costs.perRun().natsIn() + costs.perRun().natsOut());
    out.printf(
        "%njournal rows not applied at the end %s, none after %d ms, all signed after %d ms%n",
        costs.rowsBehind(), costs.caughtUpMs(), costs.signedMs());
  }

  private static void print(PrintWriter out, RunsReport report, Bounds bounds) {
    out.printf(
        Locale.ROOT,
        "%n%-52s %9s  %s%n",
        "bounds in the same run, " + Bounds.BYTES + " bytes each",
        "per s",
        "dome's " + Math.round(report.rowsPerSecond()) + " journal rows/s");
    bound(out, "JetStream, atomic batches of 500", bounds.streamMessagesPerSecond(), report);
    bound(out, "PostgreSQL, UNNEST of 500 rows", bounds.unnestRowsPerSecond(), report);
    out.printf(
        Locale.ROOT, "%-52s %9.0f%n", "PostgreSQL, commits of one row", bounds.commitsPerSecond());
  }

  private static void bound(PrintWriter out, String name, double perSecond, RunsReport report) {
    double percent = 100 * report.rowsPerSecond() / perSecond;
    out.printf(Locale.ROOT, "%-52s %9.0f  %.1f %%%n", name, perSecond, percent);
  }
}
