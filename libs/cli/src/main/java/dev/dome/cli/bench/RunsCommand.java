package dev.dome.cli.bench;

import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures runs of one workload, from submission to promotion: first one at a time, then by many
 * clients that each wait for the end of their run. Everything goes through the public API and the
 * client library, against a stack of the measurement's own unless {@code --server} or {@code
 * DOME_URL} names one.
 */
abstract class RunsCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

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
      names = "--clients",
      defaultValue = "64",
      description = "Clients, each with one run under way (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(names = "--runs", description = "Runs of the throughput part.")
  private Integer runs;

  @Option(names = "--alone", description = "Runs of the latency part, one at a time.")
  private Integer alone;

  @Option(names = "--warmup", description = "Runs before anything is measured.")
  private Integer warmup;

  abstract Workload workload();

  /** How much is measured where no option says it. */
  abstract Amounts amounts();

  /** Runs of the throughput part, of the latency part, and before both. */
  record Amounts(int runs, int alone, int warmup) {}

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    RunsReport report = server.given().isPresent() ? elsewhere() : onOwnStack();
    if (output.isForPeople()) {
      RunsTable.print(spec.commandLine().getOut(), report);
    } else {
      output.print(spec.commandLine().getOut(), Json.tree(report));
    }
    return report.promoted() == report.plan().runs() ? ExitCode.OK : ExitCode.FAILED;
  }

  private RunsPlan plan() {
    Amounts usual = amounts();
    return new RunsPlan(
        runs == null ? usual.runs() : runs,
        workers,
        slots,
        clients,
        alone == null ? usual.alone() : alone,
        warmup == null ? usual.warmup() : warmup);
  }

  private RunsReport onOwnStack() throws IOException, InterruptedException {
    try (BenchStack stack =
            BenchStack.start(UnaryOperator.identity(), spec.commandLine().getErr());
        DomeClient submitter = stack.client("submitter");
        DomeClient worker = stack.client("worker");
        RunsBench bench = new RunsBench(workload(), plan(), submitter, worker)) {
      RunsReport report = bench.run(this::say, stack);
      say("what NATS and PostgreSQL can do at most");
      return report.with(Bounds.measure(stack.directory(), stack.state()));
    }
  }

  private RunsReport elsewhere() throws IOException, InterruptedException {
    try (DomeClient submitter = server.client("submitter");
        DomeClient worker = server.client("worker");
        RunsBench bench = new RunsBench(workload(), plan(), submitter, worker)) {
      return bench.run(this::say, null);
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("  " + line);
    err.flush();
  }
}
