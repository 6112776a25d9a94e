package dev.dome.cli.bench;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.devstack.StoredRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether a server with many runs behind it is as fast as a new one. */
@Command(
    name = "history",
    description = {
      "Measures W3 beside growing numbers of stored runs, and a start of the state-controller beside"
          + " the most.",
      "Starts a stack of its own and stops it again. Stored runs are copies in the database, without"
          + " most of their journals."
    },
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--stored",
      split = ",",
      defaultValue = "10000,1000000",
      description = "Stored runs, ascending (default: ${DEFAULT-VALUE}).")
  private List<Long> stored;

  @Option(
      names = "--runs",
      defaultValue = "1000",
      description = "Runs of each measurement (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--repeats",
      defaultValue = "3",
      description = "Measurements beside each (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--warmup",
      defaultValue = "3000",
      description = "Runs before anything is measured (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    if (runs < 1 || repeats < 1 || !stored.equals(stored.stream().sorted().toList())) {
      throw new CliException(
          ExitCode.USAGE,
          "there is one run and one repeat at least, and --stored ascends",
          "--help");
    }
    HistoryReport report = measured();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isForPeople()) {
      print(out, report);
    } else {
      output.print(out, Json.tree(report));
    }
    return ExitCode.OK;
  }

  private HistoryReport measured() throws IOException, InterruptedException {
    RunsPlan plan = new RunsPlan(runs, 4, 16, 32, 0, warmup);
    PrintWriter err = spec.commandLine().getErr();
    try (BenchStack stack = BenchStack.start(UnaryOperator.identity(), err)) {
      List<HistoryReport.Beside> measured = new ArrayList<>();
      try (DomeClient submitter = stack.client("submitter");
          DomeClient worker = stack.client("worker");
          RunsBench bench = new RunsBench(new Workload.Chain(), plan, submitter, worker)) {
        say("warming up with " + warmup + " runs");
        try (StoredRuns history = StoredRuns.in(stack.directory(), stack.state(), bench.warmUp())) {
          for (long count : stored) {
            say("storing " + count + " runs");
            history.fillTo(count);
            measured.add(beside(count, bench));
          }
        }
      }
      say("killing the state-controller and starting it again");
      return new HistoryReport(plan, measured, restartMs(stack));
    }
  }

  private HistoryReport.Beside beside(long count, RunsBench bench) throws InterruptedException {
    List<Double> perSecond = new ArrayList<>();
    for (int i = 0; i < repeats; i++) {
      perSecond.add(bench.throughput(String.format(Locale.ROOT, "beside-%d-%d", count, i)));
    }
    List<Double> ascending = perSecond.stream().sorted().toList();
    return new HistoryReport.Beside(count, ascending.get(repeats / 2), perSecond);
  }

  private static long restartMs(BenchStack stack) {
    ServiceProcess controller = stack.stack().service(DomeService.STATE_CONTROLLER).orElseThrow();
    controller.kill();
    long start = System.nanoTime();
    controller.restart();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("  " + line);
    err.flush();
  }

  private static void print(PrintWriter out, HistoryReport report) {
    out.printf("W3 of %d runs beside stored runs%n%n", report.plan().runs());
    out.printf("%12s %8s  %s%n", "stored", "runs/s", "repeats");
    report
        .measured()
        .forEach(beside ->
            out.printf(
                Locale.ROOT,
                "%12d %8.0f  %s%n",
                beside.storedRuns(),
                beside.runsPerSecond(),
                beside.repeats().stream().map(Math::round).toList()));
    out.printf(
        Locale.ROOT,
        "%nslowest of fastest %.0f %%   state-controller ready %d ms after a kill and a start%n",
        100 * report.worstShare(),
        report.restartMs());
    out.flush();
  }
}
