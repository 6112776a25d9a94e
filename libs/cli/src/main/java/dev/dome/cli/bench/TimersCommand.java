package dev.dome.cli.bench;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LocalStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
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
      "Measures how late timers fire that are due within one window.",
      "Starts a stack of its own and stops it again. The timers are the deadlines of runs that are"
          + " submitted by the public API first, which takes longer than the window."
    },
    mixinStandardHelpOptions = true)
final class TimersCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--timers",
      defaultValue = "100000",
      description = "Timers of the window (default: ${DEFAULT-VALUE}).")
  private int timers;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      description = "Seconds over which they are due, 1 to 60 (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--alone",
      description =
          "Measures retry-scheduler without the rest: the state-controller is stopped while the"
              + " timers fire and answers them afterwards.")
  private boolean alone;

  @Option(
      names = "--pile",
      description =
          "Measures how many timers fire in a second at most: retry-scheduler is stopped until all"
              + " of them are due.")
  private boolean pile;

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    if (timers < 1 || seconds < 1 || seconds > 60) {
      throw new CliException(
          ExitCode.USAGE, "there is at least one timer, in 1 to 60 seconds", "--help");
    }
    PrintWriter err = spec.commandLine().getErr();
    try (BenchStack stack = BenchStack.start(this::chosen, err)) {
      TimersReport report =
          new TimersBench(
                  new TimersPlan(timers, seconds, alone, pile),
                  stack,
                  line -> {
                    err.println("  " + line);
                    err.flush();
                  })
              .run();
      if (output.isForPeople()) {
        print(spec.commandLine().getOut(), report);
      } else {
        output.print(spec.commandLine().getOut(), Json.tree(report));
      }
      return report.met() ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private LocalStack.Options chosen(LocalStack.Options options) {
    return alone
        ? options.withServices(
            List.of(DomeService.INGEST, DomeService.STATE_CONTROLLER, DomeService.RETRY_SCHEDULER))
        : options;
  }

  private static void print(PrintWriter out, TimersReport report) {
    out.printf(
        Locale.ROOT,
        "%d timers due in %d s, %.0f/s and at most %d in one; aim: none early, none twice, at most"
            + " %d ms late%n%n",
        report.timers(),
        report.plan().seconds(),
        report.duePerSecond(),
        report.busiestSecond(),
        TimersReport.LATEST_MS);
    out.printf("%-44s %8s %8s %8s%n", "ms after the due time", "p50", "p99", "max");
    print(out, "stored in DOME_INBOX", report.fired());
    print(
        out,
        report.plan().alone() ? "answered (state-controller was stopped)" : "answered by the run",
        report.untilApplied());
    out.printf(
        Locale.ROOT,
        "%nearly %d   repeated %d   answered %d   fired %.0f/s%n",
        report.early(),
        report.repeated(),
        report.applied(),
        report.firedPerSecond());
    out.printf("%nprocessor time while they fired, ms%n");
    report.cpuMs().forEach((name, ms) -> out.printf(Locale.ROOT, "  %-42s %8d%n", name, ms));
    if (report.bounds() != null) {
      print(out, report, report.bounds());
    }
    out.flush();
  }

  private static void print(PrintWriter out, String what, TimersReport.Lateness late) {
    out.printf(
        Locale.ROOT, "%-44s %8.0f %8.0f %8.0f%n", what, late.p50Ms(), late.p99Ms(), late.maxMs());
  }

  private static void print(PrintWriter out, TimersReport report, TimerBounds bounds) {
    out.printf("%n%-44s %9s  %s%n", "bounds in the same run", "per s", "fired");
    bound(out, report, "JetStream, single publishes, 64 at a time", bounds.publishesPerSecond());
    bound(out, report, "JetStream, atomic batches of 500", bounds.batchedPerSecond());
    bound(out, report, "PostgreSQL, updates of 500 rows", bounds.updatesPerSecond());
  }

  private static void bound(PrintWriter out, TimersReport report, String name, double perSecond) {
    out.printf(
        Locale.ROOT,
        "%-44s %9.0f  %.1f %%%n",
        name,
        perSecond,
        100 * report.firedPerSecond() / perSecond);
  }
}
