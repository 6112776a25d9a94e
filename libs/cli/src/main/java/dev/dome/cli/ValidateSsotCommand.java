package dev.dome.cli;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.ssot.SsotReport;
import dev.dome.contracts.ssot.SsotValidator;
import dev.dome.devstack.RepoRoot;
import dev.dome.slo.SloFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the schemas, examples and policies of an ssot folder against each other. */
@Command(
    name = "validate-ssot",
    description =
        "Checks that schemas, examples, policies, reason codes and objectives of ssot/ agree.",
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
    var report = withObjectives(SsotValidator.validate(chosen), chosen.resolve("slo"));
    if (output.isForPeople()) {
      summarise(report);
    } else {
      output.print(spec.commandLine().getOut(), report);
    }
    return report.ok() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static SsotReport withObjectives(SsotReport report, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return report;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        var found =
            SloFile.read(file).findings().stream().map(wrong -> finding(file, wrong)).toList();
        report = report.plus(1, found);
      }
    }
    return report;
  }

  private static SsotReport.Finding finding(Path file, SloFile.Finding wrong) {
    return new SsotReport.Finding(
        "slo/" + file.getFileName(),
        "/" + wrong.document(),
        new ReasonCode("SCHEMA.VIOLATION"),
        wrong.detail());
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
