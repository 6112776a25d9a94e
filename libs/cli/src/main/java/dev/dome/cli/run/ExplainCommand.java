package dev.dome.cli.run;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.contracts.Json;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.ReasonCodes.Entry;
import dev.dome.contracts.id.ReasonCode;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a reason code means. */
@Command(
    name = "explain",
    description = "Says what a reason code means and what to do about it.",
    mixinStandardHelpOptions = true)
public final class ExplainCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "CODE", description = "Such as VERIFY.TEST_FAILURE.")
  private String code;

  @Override
  public ExitCode call() {
    String wanted = code.toUpperCase(Locale.ROOT);
    Entry entry =
        ReasonCodes.standard().all().stream()
            .filter(candidate -> candidate.code().value().equals(wanted))
            .findFirst()
            .orElseThrow(() -> unknown(wanted));
    output.print(
        spec.commandLine().getOut(),
        Json.mapper()
            .createObjectNode()
            .put("code", entry.code().value())
            .put("class", entry.reasonClass().name())
            .put("severity", entry.severity().name())
            .put("meaning", entry.description())
            .put("what_to_do", entry.action())
            .put("http_status", entry.httpStatus())
            .put("retryable", entry.retryable()));
    return ExitCode.OK;
  }

  private static CliException unknown(String wanted) {
    String area = wanted.contains(".") ? wanted.substring(0, wanted.indexOf('.') + 1) : wanted;
    String near =
        ReasonCodes.standard().all().stream()
            .map(Entry::code)
            .map(ReasonCode::value)
            .filter(known -> known.startsWith(area) || known.contains(wanted))
            .limit(12)
            .collect(Collectors.joining(", "));
    return new CliException(
        ExitCode.FAILED,
        "the catalog has no " + wanted,
        near.isEmpty() ? "look into ssot/policy/reason.codes.json" : "did you mean one of " + near);
  }
}
