package dev.dome.cli.chaos;

import dev.dome.verification.invariant.AnswerCounts;
import dev.dome.verification.invariant.InvariantReport.Line;
import java.io.PrintWriter;
import java.util.Locale;

/** A report for people. */
final class ChaosTable {
  private static final String COLUMNS = "%-20s %-18s %6s %5s %5s %5s %8s %5s %7s %5s %9s %9s  %s%n";

  private ChaosTable() {}

  static void print(PrintWriter out, ChaosReport report) {
    out.printf(
        Locale.ROOT,
        "seed %d, %.0f runs/s, %d processors, %.0f s%n%n",
        report.seed(),
        report.runsPerSecond(),
        report.processors(),
        report.tookSeconds());
    out.printf(
        COLUMNS,
        "fault",
        "result",
        "ok",
        "rej",
        "shed",
        "unkn",
        "accepted",
        "lost",
        "doubled",
        "stale",
        "takeover",
        "recovery",
        "");
    report.faults().forEach(row -> print(out, row));
    ChaosReport.Totals totals = report.totals();
    print(
        out,
        "all",
        "",
        totals.requests(),
        totals.accepted(),
        totals.lost(),
        totals.doubled(),
        totals.staleWrites(),
        "",
        "",
        "");
    if (report.soak() != null) {
      SoakTable.print(out, report.soak());
    }
    report
        .waiting()
        .forEach((on, runs) ->
            out.printf("%n%d runs were open a minute after the load, for %s%n", runs, on));
    long held =
        report.invariants().stream().filter(line -> line.verdict().name().equals("HOLDS")).count();
    out.printf("%n%d of %d invariants hold%n", held, report.invariants().size());
    for (Line line : report.invariants()) {
      if (!line.verdict().name().equals("HOLDS")) {
        out.printf("  %d %s: %s%n", line.number(), line.verdict(), line.note());
      }
    }
    report.violations().forEach(violation -> out.printf("VIOLATED %s%n", violation));
    out.printf("%d violations%n", report.violations().size());
    out.flush();
  }

  private static void print(PrintWriter out, ChaosReport.Row row) {
    print(
        out,
        row.fault(),
        row.result().words(),
        row.requests(),
        row.accepted(),
        row.lost(),
        row.doubled(),
        row.staleWrites(),
        seconds(row.takeoverSeconds()),
        seconds(row.recoverySeconds()),
        row.note());
  }

  private static void print(
      PrintWriter out,
      String name,
      String result,
      AnswerCounts requests,
      long accepted,
      long lost,
      long doubled,
      long stale,
      String takeover,
      String recovery,
      String note) {
    out.printf(
        COLUMNS,
        name,
        result,
        requests.ok(),
        requests.rejected(),
        requests.shed(),
        requests.unknown(),
        accepted,
        lost,
        doubled,
        stale,
        takeover,
        recovery,
        note);
  }

  private static String seconds(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.1f s", value);
  }
}
