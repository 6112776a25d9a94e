package dev.dome.cli.bench;

import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamBound;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How fast ingest takes what is sent to it. */
@Command(
    name = "ingest",
    description = {
      "Measures submissions of runs that nobody works, from the request to the answer that the run"
          + " was taken.",
      "Starts a stack of its own and stops it again."
    },
    mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<ExitCode> {
  private static final Duration EACH = Duration.ofSeconds(3);

  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--submissions",
      defaultValue = "5000",
      description = "Measured submissions (default: ${DEFAULT-VALUE}).")
  private int submissions;

  @Option(
      names = "--submitters",
      defaultValue = "64",
      description = "Submissions at once (default: ${DEFAULT-VALUE}).")
  private int submitters;

  @Option(
      names = "--warmup",
      defaultValue = "5000",
      description = "Submissions before (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    IngestReport report = measured();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isForPeople()) {
      print(out, report);
    } else {
      output.print(out, Json.tree(report));
    }
    return ExitCode.OK;
  }

  private IngestReport measured() throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try (BenchStack stack = BenchStack.start(UnaryOperator.identity(), err);
        DomeClient submitter = stack.client("submitter")) {
      Submissions runs = new Submissions(submitter, submitters);
      say(err, "warming up with " + warmup + " submissions");
      runs.submit("warm", warmup);
      say(err, submissions + " submissions, " + submitters + " at once");
      Usage before = Usage.now(stack);
      double perSecond = runs.submit("measured", submissions);
      Usage.PerRun used = Usage.now(stack).since(before, submissions);
      say(err, "what HTTP and NATS can do at most");
      return new IngestReport(
          submissions,
          submitters,
          perSecond,
          used,
          HttpBound.perSecond(
              URI.create(stack.state().apiUrl() + "/q/health/live"), submitters, EACH),
          streamBound(stack));
    }
  }

  private static double streamBound(BenchStack stack) {
    try (NatsLink link = NatsLink.open(LinkOptions.of(stack.state().natsUrl(), "dome-bench"))) {
      return StreamBound.messagesPerSecond(link, IngestReport.BYTES, EACH);
    }
  }

  private static void say(PrintWriter err, String line) {
    err.println("  " + line);
    err.flush();
  }

  private static void print(PrintWriter out, IngestReport report) {
    out.printf(
        Locale.ROOT,
        "ingest took %.0f submissions/s, %d in all, %d at once%n%n%-44s %9s  %s%n",
        report.acceptedPerSecond(),
        report.submissions(),
        report.hands(),
        "bounds in the same run",
        "per s",
        "taken");
    bound(out, report, "HTTP, its health check", report.httpPerSecond());
    bound(out, report, "JetStream, atomic batches of 500", report.streamMessagesPerSecond());
    out.printf("%nof one submission, CPU ms%n");
    report
        .perSubmission()
        .cpuMs()
        .forEach((name, ms) -> out.printf(Locale.ROOT, "  %-42s %9.2f%n", name, ms));
    out.flush();
  }

  private static void bound(PrintWriter out, IngestReport report, String name, double perSecond) {
    out.printf(
        Locale.ROOT,
        "%-44s %9.0f  %.1f %%%n",
        name,
        perSecond,
        100 * report.acceptedPerSecond() / perSecond);
  }
}
