package dev.dome.client.command;

import static java.util.stream.Collectors.joining;

import dev.dome.client.Result;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.Redactor;
import java.util.List;
import java.util.regex.Pattern;

/** Puts the end of a command into the words of a result. */
final class CommandReport {
  private static final int SHOWN_PATHS = 20;
  private static final int SHOWN_CHARS = 200;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");

  private final Redactor redactor;
  private final AttemptBundle bundle;

  CommandReport(Redactor redactor, AttemptBundle bundle) {
    this.redactor = redactor;
    this.bundle = bundle;
  }

  Result notStarted(String program) {
    return Result.fail("EXEC.NOT_STARTED")
        .withNotes(redacted("The program could not be started: " + program));
  }

  Result timedOut(CommandProcess.TimedOut ending) throws InterruptedException {
    return Result.fail("EXEC.TIMEOUT")
        .withNotes("Ended after its time limit of " + ending.limit().toMillis() + " ms.")
        .withEvidence(bundle.output(ending.output()).toJson());
  }

  Result cpuSpent(CommandProcess.CpuSpent ending) throws InterruptedException {
    return Result.fail("EXEC.CPU_LIMIT")
        .withNotes("Ended after " + ending.limit().toMillis() + " ms of CPU time, its limit.")
        .withEvidence(bundle.output(ending.output()).toJson());
  }

  /** Whatever the command says of itself: it changed what it may not. */
  Result forbidden(CommandProcess.Exited ending, List<String> paths) throws InterruptedException {
    String shown =
        paths.stream().limit(SHOWN_PATHS).map(CommandReport::line).collect(joining(", "));
    return Result.fail("EXEC.FORBIDDEN_PATH")
        .withNotes(redacted(paths.size() + " paths outside those it may change: " + shown))
        .withEvidence(ended(ending).signal("forbidden_paths", paths.size()).toJson());
  }

  /** A name may hold anything; a note is one line and has an end. */
  private static String line(String path) {
    String plain = CONTROL.matcher(path).replaceAll("?");
    return plain.codePointCount(0, plain.length()) <= SHOWN_CHARS
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, SHOWN_CHARS)) + "…";
  }

  Result exited(CommandProcess.Exited ending, ResultFile.Content file) throws InterruptedException {
    Result plain = ending.exitCode() == 0 ? Result.pass() : failure(ending.exitCode());
    Result result =
        switch (file) {
          case ResultFile.Absent absent -> plain;
          case ResultFile.Bad bad -> Result.fail("EXEC.BAD_RESULT_FILE").withNotes(bad.why());
          case ResultFile.Hints hints -> merged(plain, hints);
        };
    return result.withEvidence(ended(ending).toJson());
  }

  private AttemptBundle ended(CommandProcess.Exited ending) throws InterruptedException {
    return bundle
        .signal("exit_status", ending.exitCode())
        .signal("duration_ms", ending.took().toMillis())
        .output(ending.output());
  }

  private static Result failure(int exitCode) {
    // Whether another attempt may help is left to the reason code, which a result file can set.
    return new Result(
        ResultStatus.FAIL,
        new ReasonCode("EXEC.NONZERO_EXIT"),
        null,
        null,
        "Exit status " + exitCode + ".",
        null,
        null);
  }

  /** A reason belongs to a failure; a command that passed has none. */
  private Result merged(Result plain, ResultFile.Hints hints) {
    boolean passed = plain.status() == ResultStatus.PASS;
    return new Result(
        plain.status(),
        passed || hints.reasonCode() == null ? plain.reasonCode() : hints.reasonCode(),
        passed ? null : hints.isTransient(),
        hints.riskScoreHint(),
        hints.notes() == null ? plain.notes() : redacted(hints.notes()),
        passed ? null : hints.retryAfterMs(),
        null);
  }

  private String redacted(String text) {
    return redactor.redactText(text).text();
  }
}
