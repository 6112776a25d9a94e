package dev.dome.cli.run;

import dev.dome.cli.ExitCode;
import dev.dome.client.model.Run;

/** What a command that waited for a run ends with. */
public final class RunEnd {
  private RunEnd() {}

  public static ExitCode of(Run run) {
    return switch (run.status()) {
      case PROMOTED -> ExitCode.OK;
      case REJECTED -> ExitCode.REJECTED;
      case AWAITING_APPROVAL -> ExitCode.NEEDS_HUMAN;
      case CANCELLED -> ExitCode.CANCELLED;
      case EXPIRED -> ExitCode.EXPIRED;
      case PLANNED, RUNNING, GATING, UNKNOWN -> ExitCode.TIMEOUT;
    };
  }
}
