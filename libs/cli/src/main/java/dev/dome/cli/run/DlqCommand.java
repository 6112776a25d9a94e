package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Dead letters. */
@Command(
    name = "dlq",
    description = "Shows tasks that were given up, and tries them again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DlqCommand.ListLetters.class,
      DlqCommand.Show.class,
      DlqCommand.Redrive.class,
    })
public final class DlqCommand {

  /** Which dead letters. */
  static final class Filter {
    @Option(names = "--queue", description = "Only those of a queue.")
    private Optional<String> queue = Optional.empty();

    @Option(names = "--run", description = "Only those of a run.")
    private Optional<String> runId = Optional.empty();

    Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      queue.ifPresent(value -> parameters.put("queue", value));
      runId.ifPresent(value -> parameters.put("run_id", value));
      return parameters;
    }
  }

  /** Lists dead letters. */
  @Command(
      name = "list",
      description = "Lists dead letters, the latest first.",
      mixinStandardHelpOptions = true)
  static final class ListLetters implements Callable<ExitCode> {
    private static final List<String> LISTED =
        List.of(
            "dead_letter_id",
            "status",
            "run_id",
            "task_id",
            "queue",
            "cause",
            "attempts",
            "dead_at",
            "redriven_as");

    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;
    @Mixin private Filter filter;

    @Option(names = "--status", description = "Only OPEN or only REDRIVEN ones.")
    private Optional<String> status = Optional.empty();

    @Option(names = "--cursor", description = "Go on after an earlier page.")
    private Optional<String> cursor = Optional.empty();

    @Override
    public ExitCode call() {
      Map<String, String> parameters = filter.parameters();
      status.ifPresent(value -> parameters.put("status", value));
      cursor.ifPresent(value -> parameters.put("cursor", value));
      try (DomeClient client = server.client("operator")) {
        JsonNode page = client.read("dead-letters", parameters);
        ArrayNode rows = Json.mapper().createArrayNode();
        page.path("items").forEach(item -> rows.add(row(item)));
        output.print(spec.commandLine().getOut(), rows);
        if (output.isForPeople() && page.hasNonNull("next_cursor")) {
          String next = page.get("next_cursor").asText();
          spec.commandLine().getErr().println("more: ./dome dlq list --cursor " + next);
        }
        return ExitCode.OK;
      }
    }

    private static ObjectNode row(JsonNode item) {
      ObjectNode row = Json.mapper().createObjectNode();
      for (String name : LISTED) {
        row.set(name, item.path(name));
      }
      return row;
    }
  }

  /** Shows one. */
  @Command(
      name = "show",
      description = "Shows a dead letter with every attempt and redrive.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "ID", description = "The dead letter's id.")
    private String id;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        output.print(spec.commandLine().getOut(), client.read("dead-letters/" + id, Map.of()));
        return ExitCode.OK;
      }
    }
  }

  /** Tries again. */
  @Command(
      name = "redrive",
      description = {
        "Starts a run that tries again what was given up; what passed is kept.",
        "Repeating the same words about the same dead letter shows the same run."
      },
      mixinStandardHelpOptions = true)
  static final class Redrive implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;
    @Mixin private Filter filter;

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
      try (DomeClient client = server.client("operator")) {
        output.print(spec.commandLine().getOut(), redrive(client));
        return ExitCode.OK;
      }
    }

    private JsonNode redrive(DomeClient client) {
      Map<String, String> wanted = filter.parameters();
      int ways = (id.isPresent() ? 1 : 0) + (wanted.isEmpty() ? 0 : 1) + (all ? 1 : 0);
      if (ways != 1 || (id.isPresent() && dryRun)) {
        throw new CliException(
            ExitCode.USAGE,
            "expected either an id, or --queue or --run, or --all; --dry-run goes without an id",
            "./dome dlq list shows the ids");
      }
      return id.isPresent()
          ? Json.tree(client.redrive(id.get(), reasonCode, comment))
          : client.redriveAll(wanted, dryRun, reasonCode, comment);
    }
  }
}
