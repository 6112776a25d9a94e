package dev.dome.cli;

import dev.dome.cli.admin.AdminCommand;
import dev.dome.cli.audit.AuditCommand;
import dev.dome.cli.bench.BenchCommand;
import dev.dome.cli.chaos.ChaosCommand;
import dev.dome.cli.demo.DemoCommand;
import dev.dome.cli.interop.InteropCommand;
import dev.dome.cli.interop.ProofsCommand;
import dev.dome.cli.provenance.ProvenanceCommand;
import dev.dome.cli.run.BreakerCommand;
import dev.dome.cli.run.DlqCommand;
import dev.dome.cli.run.EvidenceCommand;
import dev.dome.cli.run.ExplainCommand;
import dev.dome.cli.run.LimitCommand;
import dev.dome.cli.run.QueueCommand;
import dev.dome.cli.run.Refusals;
import dev.dome.cli.run.ReplayCommand;
import dev.dome.cli.run.ReproduceCommand;
import dev.dome.cli.run.RunCommand;
import dev.dome.cli.run.WebhookCommand;
import dev.dome.cli.run.WorkerCommand;
import dev.dome.cli.security.SecurityCommand;
import dev.dome.client.DomeException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * {@code ./dome}. A new command is a class of its own, registered in {@code subcommands}; it
 * implements {@code Callable<ExitCode>}, prints data to {@code spec.commandLine().getOut()} and
 * throws {@link CliException} for an end that a person can act on.
 */
@Command(
    name = "dome",
    description = "Orchestrates runs whose decisions can be recomputed and checked offline.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      ResetCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      TokenCommand.class,
      DemoCommand.class,
      RunCommand.class,
      WorkerCommand.class,
      EvidenceCommand.class,
      QueueCommand.class,
      BreakerCommand.class,
      LimitCommand.class,
      DlqCommand.class,
      WebhookCommand.class,
      AuditCommand.class,
      ProvenanceCommand.class,
      ReplayCommand.class,
      ReproduceCommand.class,
      ExplainCommand.class,
      AdminCommand.class,
      BenchCommand.class,
      ChaosCommand.class,
      SecurityCommand.class,
      InteropCommand.class,
      ProofsCommand.class,
      MigrateCommand.class,
      ValidateSsotCommand.class,
      AutoComplete.GenerateCompletion.class,
      HelpCommand.class,
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed; the message says why",
      "2:wrong command line",
      "3:the local stack, or the server asked, is not running",
      "4:did not finish in time",
      "5:the server refused the request; the reason code says why",
      "6:a program that this needs is not installed",
      "10:the run was rejected",
      "11:the run waits for an approval",
      "12:the run was cancelled",
      "13:the run expired",
      "14:what was recorded is not what its inputs make",
    })
public final class Main {
  // Held here because the JDK keeps loggers weakly and would forget the level.
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  public static void main(String[] arguments) {
    ROOT_LOGGER.setLevel(Level.SEVERE);
    System.exit(commandLine().execute(arguments));
  }

  /** The command line with its mapping of results and errors to exit codes. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExitCodeExceptionMapper(Main::exitCodeOf)
        .setExecutionExceptionHandler(Main::explain)
        .setExecutionStrategy(Main::run)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static int run(CommandLine.ParseResult parsed) {
    var code = new CommandLine.RunLast().execute(parsed);
    var chosen = parsed.asCommandLineList().getLast();
    return chosen.getExecutionResult() instanceof ExitCode result ? result.number() : code;
  }

  private static int exitCodeOf(Throwable failure) {
    return switch (failure) {
      case CliException expected -> expected.exitCode().number();
      case CommandLine.ParameterException wrong -> ExitCode.USAGE.number();
      default -> ExitCode.FAILED.number();
    };
  }

  private static int explain(
      Exception thrown, CommandLine commandLine, CommandLine.ParseResult parsed) {
    var failure = thrown instanceof DomeException refusal ? Refusals.explained(refusal) : thrown;
    var err = commandLine.getErr();
    err.println(commandLine.getColorScheme().errorText("error: " + failure.getMessage()));
    if (failure instanceof CliException expected && !expected.nextStep().isBlank()) {
      err.println("next: " + expected.nextStep());
    }
    if (!isExpected(failure)) {
      failure.printStackTrace(err);
    }
    return exitCodeOf(failure);
  }

  private static boolean isExpected(Exception failure) {
    return failure instanceof CliException
        || failure instanceof dev.dome.devstack.DevstackException
        || failure instanceof dev.dome.migrations.MigrationException;
  }
}
