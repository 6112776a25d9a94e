package dev.dome.cli.run;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.client.model.Run;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.Verdict;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers a gate that asked for a human. */
@Command(
    name = "approve",
    description = {
      "Answers a gate decision that needs a human; the submitter of a run may not.",
      "The answer is bound to the decision as it stands, or to --gate-digest."
    },
    mixinStandardHelpOptions = true)
final class ApproveCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Option(
      names = "--decision",
      defaultValue = "APPROVE",
      description = "APPROVE or REJECT (default: ${DEFAULT-VALUE}).")
  private Verdict decision;

  @Option(
      names = "--reason",
      description = "A reason code (default: HUMAN.RISK_ACCEPTED or HUMAN.RISK_REFUSED).")
  private Optional<String> reasonCode = Optional.empty();

  @Option(names = "--comment", required = true, description = "Why, in words.")
  private String comment;

  @Option(
      names = "--gate-digest",
      description = "The gate decision you looked at (gate_digest of ./dome run get).")
  private Optional<String> gateDigest = Optional.empty();

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("approver")) {
      String digest = gateDigest.orElseGet(() -> digestOf(client.run(runId)));
      String reason =
          reasonCode.orElse(
              decision == Verdict.APPROVE ? "HUMAN.RISK_ACCEPTED" : "HUMAN.RISK_REFUSED");
      output.print(
          spec.commandLine().getOut(),
          Json.tree(client.decide(runId, decision, reason, comment, digest)));
      return ExitCode.OK;
    }
  }

  private static String digestOf(Run run) {
    if (run.gateDigest() == null) {
      throw new CliException(
          ExitCode.REFUSED,
          run.runId() + " is " + run.status() + " and has no gate decision yet",
          "./dome run watch " + run.runId());
    }
    return run.gateDigest();
  }
}
