package dev.dome.cli.admin;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.verification.invariant.InvariantReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks the sixteen invariants. */
@Command(
    name = "verify",
    description = {
      "Holds a running system against the sixteen invariants, through its API alone.",
      "Exits with 1 when one is broken. An invariant that could not be looked at is said to be"
          + " NOT_SEEN, never to hold."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<ExitCode> {
  private static final int REPORT_EVERY = 100;

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(names = "--run", description = "Check this run only; may be repeated.")
  private List<String> runs = List.of();

  @Option(
      names = "--planted",
      paramLabel = "FILE",
      description = "Secrets that were planted, one a line: none may be found anywhere.")
  private Optional<Path> planted = Optional.empty();

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor");
        DomeClient dome = server.systemClient("auditor")) {
      LiveSystem system = new LiveSystem(client, dome);
      InvariantReport report =
          LiveVerification.run(
              system, runs.isEmpty() ? system.runs() : runs, plantedSecrets(), progress());
      output.print(spec.commandLine().getOut(), report.lines());
      return report.holds() ? ExitCode.OK : broken(report);
    }
  }

  private ExitCode broken(InvariantReport report) {
    PrintWriter err = spec.commandLine().getErr();
    report
        .violations()
        .forEach(found ->
            err.printf(
                Locale.ROOT,
                "invariant %d broken: %s: %s%n",
                found.invariant().number(),
                found.subject(),
                found.detail()));
    err.flush();
    return ExitCode.FAILED;
  }

  private BiConsumer<Integer, Integer> progress() {
    PrintWriter err = spec.commandLine().getErr();
    return (done, of) -> {
      if (output.isForPeople() && (done % REPORT_EVERY == 0 || done.equals(of))) {
        err.printf(Locale.ROOT, "%d of %d runs checked%n", done, of);
        err.flush();
      }
    };
  }

  private List<String> plantedSecrets() {
    if (planted.isEmpty()) {
      return List.of();
    }
    try {
      return Files.readAllLines(planted.get()).stream().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE, planted.get() + " cannot be read", "give a file of one secret a line");
    }
  }
}
