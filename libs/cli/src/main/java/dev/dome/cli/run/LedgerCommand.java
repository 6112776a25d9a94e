package dev.dome.cli.run;

import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.CanonicalJson;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a run's ledger, to be kept and verified elsewhere. */
@Command(
    name = "ledger",
    description = "Writes a run's journal with its hashes, one row per line.",
    mixinStandardHelpOptions = true,
    footer = {"", "./dome replay --file LEDGER verifies it without a server."})
final class LedgerCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      PrintWriter out = spec.commandLine().getOut();
      // Lines end the same everywhere, so that a ledger has one digest.
      Ledger.rows(client, runId).forEach(row -> out.print(CanonicalJson.text(row) + "\n"));
      out.flush();
      return ExitCode.OK;
    }
  }
}
