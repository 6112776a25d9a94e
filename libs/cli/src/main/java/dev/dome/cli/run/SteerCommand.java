package dev.dome.cli.run;

import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.client.model.RunAck;
import dev.dome.contracts.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What an operator does to a run. */
abstract class SteerCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Option(
      names = "--reason",
      description = "A reason code of the catalog (default: the command's own).")
  private String reasonCode;

  @Option(names = "--comment", description = "Why, in words; it goes into the journal.")
  private String comment;

  abstract String ownReason();

  abstract RunAck send(DomeClient client, String run, String reason, String words);

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("operator")) {
      String reason = reasonCode == null ? ownReason() : reasonCode;
      output.print(spec.commandLine().getOut(), Json.tree(send(client, runId, reason, comment)));
      return ExitCode.OK;
    }
  }

  /** Ends a run. */
  @Command(
      name = "cancel",
      description = "Ends a run; workers at it are told to stop.",
      mixinStandardHelpOptions = true)
  static final class Cancel extends SteerCommand {
    @Override
    String ownReason() {
      return "OPERATOR.CANCELLED";
    }

    @Override
    RunAck send(DomeClient client, String run, String reason, String words) {
      return client.cancel(run, reason, words);
    }
  }

  /** Stops dispatch. */
  @Command(
      name = "pause",
      description = "Hands out no more of a run's tasks; what runs goes on.",
      mixinStandardHelpOptions = true)
  static final class Pause extends SteerCommand {
    @Override
    String ownReason() {
      return "OPERATOR.PAUSED";
    }

    @Override
    RunAck send(DomeClient client, String run, String reason, String words) {
      return client.pause(run, reason, words);
    }
  }

  /** Goes on with dispatch. */
  @Command(
      name = "resume",
      description = "Hands out a paused run's tasks again.",
      mixinStandardHelpOptions = true)
  static final class Resume extends SteerCommand {
    @Override
    String ownReason() {
      return "OPERATOR.RESUMED";
    }

    @Override
    RunAck send(DomeClient client, String run, String reason, String words) {
      return client.resume(run, reason, words);
    }
  }
}
