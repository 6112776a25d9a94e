package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.client.RunEvidence;
import dev.dome.contracts.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what a run's attempts left. */
@Command(
    name = "evidence",
    description = {
      "Lists the evidence that a run's attempts named, by digest.",
      "./dome evidence get SHA256 fetches one."
    },
    mixinStandardHelpOptions = true)
final class RunEvidenceCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Option(
      names = "--capsule",
      description = "Prints the run's evidence.capsule document instead of the list.")
  private boolean capsule;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      RunEvidence evidence = client.runEvidence(runId);
      if (capsule) {
        output.print(spec.commandLine().getOut(), evidence.capsule(client));
      } else {
        List<JsonNode> rows = evidence.artifacts().stream().map(Json::tree).toList();
        output.print(spec.commandLine().getOut(), rows);
      }
      return ExitCode.OK;
    }
  }
}
