package dev.dome.cli;

/** What the process ends with; scripts rely on these numbers. */
public enum ExitCode {
  OK(0, "done"),
  FAILED(1, "failed; the message says why"),
  USAGE(2, "wrong command line"),
  NOT_RUNNING(3, "the local stack, or the server asked, is not running"),
  TIMEOUT(4, "did not finish in time"),
  REFUSED(5, "the server refused the request; the reason code says why"),
  TOOL_MISSING(6, "a program that this needs is not installed"),
  REJECTED(10, "the run was rejected"),
  NEEDS_HUMAN(11, "the run waits for an approval"),
  CANCELLED(12, "the run was cancelled"),
  EXPIRED(13, "the run expired"),
  DIFFERENCE(14, "what was recorded is not what its inputs make");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public String meaning() {
    return meaning;
  }
}
