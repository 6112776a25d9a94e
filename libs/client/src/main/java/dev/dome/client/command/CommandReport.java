package dev.dome.client.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.Result;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.Redactor;

/** Puts the end of a command into the words of a result. */
final class CommandReport {
  private final Redactor redactor;

  CommandReport(Redactor redactor) {
    this.redactor = redactor;
  }

  Result notStarted(String program) {
    return Result.fail("EXEC.NOT_STARTED")
        .withNotes(redacted("The program could not be started: " + program));
  }

  Result timedOut(CommandProcess.TimedOut ending) {
    return Result.fail("EXEC.TIMEOUT")
        .withNotes("Ended after its time limit of " + ending.limit().toMillis() + " ms.")
        .withEvidence(evidence(ending.output()));
  }

  Result exited(CommandProcess.Exited ending, ResultFile.Content file) {
    ObjectNode evidence = evidence(ending.output());
    evidence.put("exit_code", ending.exitCode());
    evidence.put("duration_ms", ending.took().toMillis());
    Result plain = ending.exitCode() == 0 ? Result.pass() : failure(ending.exitCode());
    return switch (file) {
      case ResultFile.Absent absent -> plain.withEvidence(evidence);
      case ResultFile.Bad bad ->
          Result.fail("EXEC.BAD_RESULT_FILE").withNotes(bad.why()).withEvidence(evidence);
      case ResultFile.Hints hints -> merged(plain, hints).withEvidence(evidence);
    };
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

  private ObjectNode evidence(OutputCut output) {
    ObjectNode evidence = Json.mapper().createObjectNode();
    evidence.put("output", redacted(output.text()));
    evidence.put("output_bytes", output.totalBytes());
    evidence.put("output_cut", output.isCut());
    return evidence;
  }

  private String redacted(String text) {
    return redactor.redactText(text).text();
  }
}
