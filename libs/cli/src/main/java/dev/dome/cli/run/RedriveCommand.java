package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries again what was given up. */
@Command(
    name = "redrive",
    description = {
      "Starts a run that tries again what was given up; what passed is kept.",
      "Repeating the same words about the same dead letter shows the same run.",
      "Ends with 0 when every run was redriven, 5 when one was refused, 4 when some are left."
    },
    mixinStandardHelpOptions = true)
final class RedriveCommand implements Callable<ExitCode> {
  private static final int FIRST_REFUSAL = 400;
  private static final int UNDECIDED = 202;

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;
  @Mixin private DeadLetterFilter filter;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      description = "The dead letter's id; without it, every open one that the filter finds.")
  private Optional<String> id = Optional.empty();

  @Option(names = "--all", description = "Every open dead letter of the namespace.")
  private boolean all;

  @Option(names = "--dry-run", description = "Only say which runs there would be.")
  private boolean dryRun;

  @Option(names = "--reason", description = "A reason code (default: OPERATOR.REDRIVE).")
  private String reasonCode;

  @Option(
      names = "--comment",
      required = true,
      description = "Why, in words; it goes into the journal.")
  private String comment;

  @Override
  public ExitCode call() {
    Map<String, String> wanted = filter.parameters();
    int ways = (id.isPresent() ? 1 : 0) + (wanted.isEmpty() ? 0 : 1) + (all ? 1 : 0);
    if (ways != 1 || (id.isPresent() && dryRun)) {
      throw new CliException(
          ExitCode.USAGE,
          "expected either an id, or --queue or --run, or --all; --dry-run goes without an id",
          "./dome dlq list shows the ids");
    }
    try (DomeClient client = server.client("operator")) {
      return id.isPresent() ? one(client, id.get()) : every(client, wanted);
    }
  }

  private ExitCode one(DomeClient client, String deadLetterId) {
    output.print(
        spec.commandLine().getOut(), Json.tree(client.redrive(deadLetterId, reasonCode, comment)));
    return ExitCode.OK;
  }

  private ExitCode every(DomeClient client, Map<String, String> wanted) {
    JsonNode answer = client.redriveAll(wanted, dryRun, reasonCode, comment);
    output.print(spec.commandLine().getOut(), output.isForPeople() ? answer.path("items") : answer);
    if (output.isForPeople() && answer.path("more").asBoolean()) {
      spec.commandLine()
          .getErr()
          .println("more: there are further runs; the same command goes on with them");
    }
    return end(answer);
  }

  private static ExitCode end(JsonNode answer) {
    if (anyItem(answer, status -> status >= FIRST_REFUSAL)) {
      return ExitCode.REFUSED;
    }
    boolean left =
        answer.path("more").asBoolean() || anyItem(answer, status -> status == UNDECIDED);
    return left ? ExitCode.TIMEOUT : ExitCode.OK;
  }

  private static boolean anyItem(JsonNode answer, IntPredicate isSo) {
    return StreamSupport.stream(answer.path("items").spliterator(), false)
        .anyMatch(item -> isSo.test(item.path("status").asInt()));
  }
}
