package dev.dome.cli.run;

import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.CanonicalJson;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the manifest of a run that ended. */
@Command(
    name = "manifest",
    description = "Writes the manifest of a run that ended, byte for byte as its digest is of.",
    mixinStandardHelpOptions = true)
final class ManifestCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(CanonicalJson.text(client.read("runs/" + runId + "/manifest", Map.of())));
      out.flush();
      return ExitCode.OK;
    }
  }
}
