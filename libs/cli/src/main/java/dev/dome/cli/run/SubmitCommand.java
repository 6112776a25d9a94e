package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunAck;
import dev.dome.contracts.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Submits a document. */
@Command(
    name = "submit",
    description = "Submits a pre-contract or a work queue; a repeat changes nothing.",
    mixinStandardHelpOptions = true)
final class SubmitCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "FILE", description = "A JSON document, - for standard input.")
  private Path file;

  @Option(
      names = "--idempotency-key",
      description = "What a repeat is recognised by (default: the run id).")
  private String idempotencyKey;

  @Option(
      names = "--profile",
      description = "The namespace's profile to run under (default: the document's, else its own).")
  private String profile;

  @Option(names = "--wait", description = "Watch the run until it is decided.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long to watch (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Override
  public ExitCode call() {
    JsonNode document = Documents.read(file);
    try (DomeClient client = server.client("submitter")) {
      RunAck ack = client.submit(document, idempotencyKey, profile);
      if (wait) {
        return watch(client, ack.runId());
      }
      output.print(spec.commandLine().getOut(), Json.tree(ack));
      if (output.isForPeople()) {
        spec.commandLine().getErr().println("next: ./dome run watch " + ack.runId());
      }
      return ExitCode.OK;
    }
  }

  private ExitCode watch(DomeClient client, String runId) {
    // Data goes to standard output, so a drawing beside JSON or YAML goes to the other one.
    RunScreen screen =
        output.isForPeople()
            ? RunScreen.on(spec.commandLine().getOut())
            : RunScreen.ofLines(spec.commandLine().getErr());
    Run run = new RunWatch(client, screen).follow(runId, Duration.ofSeconds(timeoutSeconds));
    if (!output.isForPeople()) {
      output.print(spec.commandLine().getOut(), Json.tree(run));
    }
    return RunEnd.of(run);
  }
}
