package dev.dome.cli.bench;

import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How late timers fire. */
@Command(
    name = "timers",
    description = {
      "Measures how late retry timers fire that are due within one window.",
      "The timers are made by the public API first, which takes longer than the window."
    },
    mixinStandardHelpOptions = true)
final class TimersCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(
      names = "--timers",
      defaultValue = "100000",
      description = "Timers of the window (default: ${DEFAULT-VALUE}).")
  private int timers;

  @Option(
      names = "--window",
      defaultValue = "60",
      description = "Seconds over which they are due (default: ${DEFAULT-VALUE}).")
  private int windowSeconds;

  @Option(
      names = "--bound",
      defaultValue = "5000",
      description = "Timers of the part that measures the bound (default: ${DEFAULT-VALUE}).")
  private int boundTimers;

  @Override
  public ExitCode call() throws InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    try (DomeClient operator = server.client("operator");
        DomeClient submitter = server.client("submitter");
        DomeClient worker = server.client("worker")) {
      TimersReport report =
          new TimersBench(operator, submitter, worker)
              .run(
                  timers,
                  Duration.ofSeconds(windowSeconds),
                  boundTimers,
                  line -> {
                    progress.println("  " + line);
                    progress.flush();
                  });
      if (output.isForPeople()) {
        print(spec.commandLine().getOut(), report);
      } else {
        output.print(spec.commandLine().getOut(), Json.tree(report));
      }
      return report.early() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private static void print(PrintWriter out, TimersReport report) {
    out.printf(
        Locale.ROOT,
        "%d timers due within %.0f s (%.0f/s): late p50 %.0f ms, p99 %.0f ms, max %.0f ms; %d early%n",
        report.timers(),
        report.windowSeconds(),
        report.timers() / report.windowSeconds(),
        report.lateP50Ms(),
        report.lateP99Ms(),
        report.lateMaxMs(),
        report.early());
    out.printf(
        Locale.ROOT,
        "bound: %d timers due at one moment fired at %.0f/s through store and inbox%n",
        report.boundTimers(),
        report.boundPerSecond());
    out.flush();
  }
}
