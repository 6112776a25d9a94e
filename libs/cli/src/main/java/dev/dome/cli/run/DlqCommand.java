package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.PageOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
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
      RedriveCommand.class,
    })
public final class DlqCommand {

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
    @Mixin private PageOption paging;
    @Mixin private DeadLetterFilter filter;

    @Option(names = "--status", description = "Only OPEN or only REDRIVEN ones.")
    private Optional<String> status = Optional.empty();

    @Override
    public ExitCode call() {
      Map<String, String> parameters = filter.parameters();
      status.ifPresent(value -> parameters.put("status", value));
      paging.addTo(parameters);
      try (DomeClient client = server.client("operator")) {
        JsonNode page = client.read("dead-letters", parameters);
        ArrayNode rows = Json.mapper().createArrayNode();
        page.path("items").forEach(item -> rows.add(row(item)));
        output.print(spec.commandLine().getOut(), rows);
        paging.showNext(spec, output, page);
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
        output.print(
            spec.commandLine().getOut(),
            client.read("dead-letters/" + DomeClient.segment(id), Map.of()));
        return ExitCode.OK;
      }
    }
  }
}
