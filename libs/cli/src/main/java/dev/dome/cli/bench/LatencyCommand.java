package dev.dome.cli.bench;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long W3 takes at fixed rates. */
@Command(
    name = "latency",
    description = {
      "Measures how long W3 takes when runs come at fixed rates, whether earlier ones ended or not.",
      "A run's time begins when it was to be submitted. Starts a stack of its own and stops it."
    },
    mixinStandardHelpOptions = true)
final class LatencyCommand implements Callable<ExitCode> {
  private static final int HANDS = 32;

  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--rate",
      split = ",",
      defaultValue = "5,20,50",
      description = "Runs per second, one after the other (default: ${DEFAULT-VALUE}).")
  private List<Double> rates;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "How long each rate lasts (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warmup",
      defaultValue = "2000",
      description = "Runs before anything is measured (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    if (seconds < 1 || rates.stream().anyMatch(rate -> !(rate > 0))) {
      throw new CliException(
          ExitCode.USAGE, "a rate is above 0 and lasts a second at least", "--help");
    }
    LatencyReport report = measured();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isForPeople()) {
      print(out, report);
    } else {
      output.print(out, Json.tree(report));
    }
    return ExitCode.OK;
  }

  private LatencyReport measured() throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    RunsPlan plan = new RunsPlan(0, 4, 16, HANDS, 0, warmup);
    try (BenchStack stack = BenchStack.start(UnaryOperator.identity(), err);
        DomeClient submitter = stack.client("submitter");
        DomeClient worker = stack.client("worker");
        RunsBench bench = new RunsBench(new Workload.Chain(), plan, submitter, worker)) {
      say(err, "warming up with " + warmup + " runs");
      bench.warmUp();
      stack.awaitReaders();
      List<LatencyReport.AtRate> measured = new ArrayList<>();
      for (double rate : rates) {
        say(err, String.format(Locale.ROOT, "%.1f runs per second for %d s", rate, seconds));
        measured.add(atRate(bench, rate));
      }
      return new LatencyReport(measured);
    }
  }

  private LatencyReport.AtRate atRate(RunsBench bench, double rate) throws InterruptedException {
    int count = Math.max(1, (int) (rate * seconds));
    long start = System.nanoTime();
    double[] tookMs = bench.openLoop(String.format(Locale.ROOT, "rate-%.0f", rate), rate, count);
    double lasted = (System.nanoTime() - start) / 1e9;
    return new LatencyReport.AtRate(
        rate,
        count,
        count / lasted,
        RunsBench.percentile(tookMs, 50),
        RunsBench.percentile(tookMs, 99),
        tookMs[count - 1]);
  }

  private static void say(PrintWriter err, String line) {
    err.println("  " + line);
    err.flush();
  }

  private static void print(PrintWriter out, LatencyReport report) {
    out.printf(
        "W3 at fixed rates, ms from the moment of its turn to its promotion%n%n"
            + "%12s %8s %12s %8s %8s %8s%n",
        "runs/s", "runs", "ended/s", "p50", "p99", "max");
    report
        .rates()
        .forEach(at ->
            out.printf(
                Locale.ROOT,
                "%12.1f %8d %12.1f %8.1f %8.1f %8.1f%n",
                at.runsPerSecond(),
                at.runs(),
                at.achievedPerSecond(),
                at.p50Ms(),
                at.p99Ms(),
                at.maxMs()));
    out.flush();
  }
}
