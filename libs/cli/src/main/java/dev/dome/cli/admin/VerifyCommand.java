package dev.dome.cli.admin;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.Patience;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.id.RunId;
import dev.dome.devstack.LocalDatabase;
import dev.dome.devstack.StackState;
import dev.dome.migrations.Database;
import dev.dome.verification.invariant.AnswerInvariants;
import dev.dome.verification.invariant.InvariantReport;
import dev.dome.verification.invariant.PlantedSecrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Checks the sixteen invariants. */
@Command(
    name = "verify",
    description = {
      "Holds a running system, or an export, against the sixteen invariants.",
      "A local stack's logs, database and streams are read too; those of another system where"
          + " --logs, --database and --nats say where they are.",
      "Exits with 1 when one is broken. An invariant that could not be looked at is said to be"
          + " NOT_SEEN, never to hold; doc/verification.md says what each means."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<ExitCode> {
  private static final List<String> OF_A_SYSTEM =
      List.of(
          "--run", "--logs", "--database", "--nats", "--wait-seconds", "--server", "--as", "--dir");

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

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "What clients saw, one answer a line: each must have its place in the record.")
  private Optional<Path> answers = Optional.empty();

  @Option(
      names = "--export",
      paramLabel = "DIR",
      description = "Check this export, or all in this directory, instead of a running system.")
  private Optional<Path> export = Optional.empty();

  @Option(
      names = "--logs",
      paramLabel = "DIR",
      description = "Look for planted secrets in the logs below (default: the local stack's).")
  private Optional<Path> logs = Optional.empty();

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = {
        "postgresql://host:port/database, read as DOME_PG_ADMIN_USER with",
        "DOME_PG_ADMIN_PASSWORD (default: the local stack's)."
      })
  private Optional<String> database = Optional.empty();

  @Option(
      names = "--nats",
      paramLabel = "URL",
      description = "The message server whose streams are read (default: the local stack's).")
  private Optional<String> nats = Optional.empty();

  @Option(
      names = "--wait-seconds",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = {
        "How long to wait in all for those who follow the journal, while they get on",
        "(default: ${DEFAULT-VALUE})."
      })
  private int waitSeconds;

  @Override
  public ExitCode call() throws IOException {
    if (export.isPresent()) {
      refuseWhatAnExportLeavesOut();
    }
    Checking progress = new Checking(spec.commandLine().getErr(), output.isForPeople());
    InvariantReport report = export.isPresent() ? exported(export.get(), progress) : live(progress);
    output.print(
        spec.commandLine().getOut(), output.isForPeople() ? report.lines() : report.detailed());
    return report.holds() ? ExitCode.OK : broken(report);
  }

  /** An option that is passed by would seem to have been heeded. */
  private void refuseWhatAnExportLeavesOut() {
    ParseResult given = spec.commandLine().getParseResult();
    Stream<String> without =
        answers.isPresent()
            ? OF_A_SYSTEM.stream()
            : Stream.concat(OF_A_SYSTEM.stream(), Stream.of("--namespace"));
    without
        .filter(given::hasMatchedOption)
        .findFirst()
        .ifPresent(option -> {
          throw new CliException(
              ExitCode.USAGE,
              "--export does not go with " + option,
              "an export is checked by itself; leave one of them out");
        });
  }

  private InvariantReport exported(Path directory, Checking progress) throws IOException {
    PlantedSecrets secrets = plantedSecrets();
    Optional<AnswerInvariants> seen = answersSeen();
    try {
      return ExportVerification.of(directory, secrets, seen, progress);
    } catch (IllegalArgumentException e) {
      throw new CliException(
          ExitCode.USAGE, e.getMessage(), "./dome audit export RUN --to DIR makes one");
    }
  }

  private InvariantReport live(Checking progress) throws IOException {
    Optional<StackState> stack = server.localStack();
    LiveVerification.Scope scope =
        new LiveVerification.Scope(
            runs.isEmpty()
                ? Optional.empty()
                : Optional.of(runs.stream().map(VerifyCommand::named).toList()),
            plantedSecrets(),
            answersSeen(),
            logs.or(() -> stack.map(state -> server.stackDirectory().resolve("services"))),
            database
                .map(VerifyCommand::entered)
                .or(() -> stack.flatMap(s -> LocalDatabase.of(server.stackDirectory(), s))),
            nats.or(() -> stack.map(StackState::natsUrl)));
    try (DomeClient client = server.client("auditor");
        DomeClient dome = server.systemClient("auditor")) {
      return LiveVerification.run(new LiveSystem(client, dome), scope, patience(), progress);
    }
  }

  private static LiveSystem.Listed named(String runId) {
    if (!RunId.PATTERN.matcher(runId).matches()) {
      throw new CliException(
          ExitCode.USAGE, "a run id matches " + RunId.PATTERN, "./dome run list shows the runs");
    }
    return LiveSystem.Listed.named(runId);
  }

  private Patience patience() {
    PrintWriter err = spec.commandLine().getErr();
    return Patience.whileSomethingComes(
        Duration.ofSeconds(waitSeconds), output.isForPeople() ? err::println : line -> {});
  }

  private static Database entered(String url) {
    try {
      return Database.of(
          url,
          System.getenv().getOrDefault("DOME_PG_ADMIN_USER", "postgres"),
          System.getenv().getOrDefault("DOME_PG_ADMIN_PASSWORD", ""));
    } catch (IllegalArgumentException e) {
      throw new CliException(
          ExitCode.USAGE, "--database is no such address", "postgresql://host:port/database");
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

  private Optional<AnswerInvariants> answersSeen() {
    if (answers.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(AnswerInvariants.read(answers.get(), server.namespace()));
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE, answers.get() + " cannot be read", "doc/verification.md has the format");
    } catch (IllegalArgumentException e) {
      throw new CliException(
          ExitCode.USAGE,
          answers.get() + ": " + e.getMessage(),
          "doc/verification.md has the format");
    }
  }

  private PlantedSecrets plantedSecrets() {
    if (planted.isEmpty()) {
      return new PlantedSecrets(List.of());
    }
    try {
      return new PlantedSecrets(
          Files.readAllLines(planted.get()).stream().filter(line -> !line.isBlank()).toList());
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE, planted.get() + " cannot be read", "give a file of one secret a line");
    } catch (IllegalArgumentException e) {
      throw new CliException(
          ExitCode.USAGE, e.getMessage(), "plant secrets of eight characters or more");
    }
  }
}
