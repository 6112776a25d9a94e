package dev.dome.cli.audit;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks an export without a server. */
@Command(
    name = "verify",
    description = {
      "Checks an export without a server: its files and digests, the ledger's hash chain, every"
          + " decision by replay, and that the audit recorded every row. Names the first thing that"
          + " does not hold."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "DIR", description = "The exported directory.")
  private Path directory;

  @Override
  public ExitCode call() throws IOException {
    try {
      output.print(spec.commandLine().getOut(), RunBagCheck.of(directory));
      return ExitCode.OK;
    } catch (Failure failure) {
      throw new CliException(
          ExitCode.FAILED,
          "the export does not hold: " + failure.getMessage(),
          "do not rely on it; export the run again, or ask whoever handed it over");
    }
  }
}
