package dev.dome.cli.run;

import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.client.model.Run;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Watches a run. */
@Command(
    name = "watch",
    description = {
      "Shows a run's graph as it changes, until the run is final or waits for a person.",
      "Ends with 0 when it was promoted; the other codes are listed by ./dome --help."
    },
    mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long to watch (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      RunScreen screen = RunScreen.on(spec.commandLine().getOut());
      Run run = new RunWatch(client, screen).follow(runId, Duration.ofSeconds(timeoutSeconds));
      return RunEnd.of(run);
    }
  }
}
