package dev.dome.cli.run;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.client.DomeException;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.artifact.Problem;
import java.util.stream.Collectors;

/** A server's refusal as the end of a command: what it was, and what to do. */
public final class Refusals {
  private Refusals() {}

  public static CliException explained(DomeException refusal) {
    if (refusal.problem().isEmpty()) {
      return new CliException(
          ExitCode.NOT_RUNNING,
          refusal.getMessage() == null ? "no answer" : refusal.getMessage(),
          "./dome status shows what runs, ./dome up starts it; the request is safe to repeat");
    }
    Problem problem = refusal.problem().get();
    String errors =
        problem.errors().stream()
            .map(error ->
                "\n  " + error.pointer() + " " + error.reasonCode() + ": " + error.detail())
            .collect(Collectors.joining());
    String next =
        refusal
            .reasonCode()
            .flatMap(ReasonCodes.standard()::find)
            .map(entry -> entry.action() + " (./dome explain " + entry.code() + ")")
            .orElse("");
    return new CliException(ExitCode.REFUSED, refusal.getMessage() + errors, next);
  }
}
