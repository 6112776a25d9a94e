package dev.dome.cli.provenance;

import dev.dome.cli.ExitCode;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes one statement's bundle. */
@Command(
    name = "bundle",
    description = "Writes the Sigstore bundle of one statement of a run.",
    mixinStandardHelpOptions = true)
final class BundleCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Parameters(
      index = "1",
      paramLabel = "STATEMENT",
      description = "provenance, run-gate, vsa, or the id of a replay.")
  private String statement;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      byte[] bundle =
          Json.write(client.read("runs/" + runId + "/statements/" + statement, Map.of()));
      PrintWriter out = spec.commandLine().getOut();
      out.println(new String(bundle, StandardCharsets.UTF_8));
      out.flush();
      return ExitCode.OK;
    }
  }
}
