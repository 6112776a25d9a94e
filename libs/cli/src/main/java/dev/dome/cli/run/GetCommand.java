package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one run with its decisions. */
@Command(
    name = "get",
    description = "Shows a run with its gate and promotion decisions.",
    mixinStandardHelpOptions = true)
final class GetCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      JsonNode run = client.read("runs/" + runId, Map.of());
      if (run instanceof ObjectNode shown) {
        client.readIfPresent("runs/" + runId + "/gate").ifPresent(g -> shown.set("gate", g));
        client
            .readIfPresent("runs/" + runId + "/promotion")
            .ifPresent(p -> shown.set("promotion", p));
      }
      output.print(spec.commandLine().getOut(), run);
      return ExitCode.OK;
    }
  }
}
