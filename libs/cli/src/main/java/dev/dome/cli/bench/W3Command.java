package dev.dome.cli.bench;

import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Workload W3: runs of three sequential tasks that do nothing. */
@Command(
    name = "w3",
    description = {
      "Measures runs of three sequential no-op tasks, from submission to promotion.",
      "Everything goes through the public API and the client library; results have 512 bytes.",
      "Starts a stack of its own and stops it again, unless --server or DOME_URL names one."
    },
    mixinStandardHelpOptions = true)
final class W3Command implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(
      names = "--runs",
      defaultValue = "2000",
      description = "Runs of the throughput part (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--workers",
      defaultValue = "4",
      description = "Workers (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(
      names = "--slots",
      defaultValue = "16",
      description = "Tasks at once per worker (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Option(
      names = "--submitters",
      defaultValue = "32",
      description = "Submissions at once (default: ${DEFAULT-VALUE}).")
  private int submitters;

  @Option(
      names = "--alone",
      defaultValue = "300",
      description = "Runs of the latency part, one at a time (default: ${DEFAULT-VALUE}).")
  private int alone;

  @Option(
      names = "--warmup",
      defaultValue = "500",
      description = "Runs before anything is measured (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    W3Plan plan = new W3Plan(runs, workers, slots, submitters, alone, warmup);
    W3Report report = server.given().isPresent() ? elsewhere(plan) : onOwnStack(plan);
    if (output.isForPeople()) {
      print(spec.commandLine().getOut(), report);
    } else {
      output.print(spec.commandLine().getOut(), Json.tree(report));
    }
    return report.promoted() == report.plan().runs() ? ExitCode.OK : ExitCode.FAILED;
  }

  private W3Report onOwnStack(W3Plan plan) throws IOException, InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    try (BenchStack stack = BenchStack.start(UnaryOperator.identity(), progress);
        DomeClient submitter = stack.client("submitter");
        DomeClient worker = stack.client("worker");
        W3Bench bench = new W3Bench(plan, submitter, worker)) {
      W3Report report = bench.run(line -> say(progress, line), stack);
      say(progress, "what NATS and PostgreSQL can do at most");
      return report.with(Bounds.measure(stack.directory(), stack.state()));
    }
  }

  private W3Report elsewhere(W3Plan plan) throws IOException, InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    try (DomeClient submitter = server.client("submitter");
        DomeClient worker = server.client("worker");
        W3Bench bench = new W3Bench(plan, submitter, worker)) {
      return bench.run(line -> say(progress, line), null);
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println("  " + line);
    out.flush();
  }

  private static void print(PrintWriter out, W3Report report) {
    out.printf(
        Locale.ROOT,
        "W3: %d of %d runs promoted in %.2f s, %d workers with %d slots, %d submitters,"
            + " after %d runs of warm-up%n%n",
        report.promoted(),
        report.plan().runs(),
        report.tookMs() / 1e3,
        report.plan().workers(),
        report.plan().slots(),
        report.plan().submitters(),
        report.plan().warmup());
    out.printf("%-52s %9s  %s%n", "", "runs/s", "one run alone p50 / p99 ms");
    out.printf(
        Locale.ROOT,
        "%-52s %9.0f  %.1f / %.1f%n",
        "dome, this measurement",
        report.runsPerSecond(),
        report.aloneP50Ms(),
        report.aloneP99Ms());
    for (W3Report.Peer peer : report.peers()) {
      out.printf("%-52s %9s  %s%n", peer.name(), peer.runsPerSecond(), peer.aloneMs());
    }
    if (report.costs() != null) {
      print(out, report.costs());
    }
    if (report.bounds() != null) {
      print(out, report, report.bounds());
    }
    out.printf("%n%s%n", report.remark());
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
        "%njournal messages behind at the end %s, none after %d ms%n",
        costs.journalLag(), costs.caughtUpMs());
  }

  private static void print(PrintWriter out, W3Report report, Bounds bounds) {
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

  private static void bound(PrintWriter out, String name, double perSecond, W3Report report) {
    double percent = 100 * report.rowsPerSecond() / perSecond;
    out.printf(Locale.ROOT, "%-52s %9.0f  %.1f %%%n", name, perSecond, percent);
  }
}
