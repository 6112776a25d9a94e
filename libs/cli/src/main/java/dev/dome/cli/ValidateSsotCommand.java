package dev.dome.cli;

import dev.dome.contracts.ssot.SsotReport;
import dev.dome.contracts.ssot.SsotValidator;
import dev.dome.devstack.RepoRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the schemas, examples and policies of an ssot folder against each other. */
@Command(
    name = "validate-ssot",
    description = "Checks that schemas, examples, policies and reason codes of ssot/ agree.",
    mixinStandardHelpOptions = true)
final class ValidateSsotCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder to check (default: ssot of the repository).")
  private Optional<Path> folder = Optional.empty();

  @Override
  public ExitCode call() throws IOException {
    var chosen = folder.orElseGet(() -> RepoRoot.find().resolve("ssot"));
    if (!Files.isDirectory(chosen)) {
      throw new CliException(
          ExitCode.USAGE, chosen + " is not a folder", "./dome validate-ssot ssot");
    }
    var report = SsotValidator.validate(chosen);
    if (output.isForPeople()) {
      summarise(report);
    } else {
      output.print(spec.commandLine().getOut(), report);
    }
    return report.ok() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void summarise(SsotReport report) {
    var out = spec.commandLine().getOut();
    if (!report.ok()) {
      output.print(out, report.findings());
    }
    out.printf(
        "%d schemas, %d documents, %d reason codes: %d findings%n",
        report.schemas(), report.documents(), report.reasonCodes(), report.findings().size());
    out.flush();
  }
}
