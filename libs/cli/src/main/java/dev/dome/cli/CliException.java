package dev.dome.cli;

/** Ends the command with an exit code, a message and what to do next. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String nextStep;

  public CliException(ExitCode exitCode, String message, String nextStep) {
    super(message);
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  public String nextStep() {
    return nextStep;
  }
}
