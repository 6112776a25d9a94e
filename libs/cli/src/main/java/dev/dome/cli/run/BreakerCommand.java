package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.PageOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Circuit breakers. */
@Command(
    name = "breaker",
    description = "Shows circuit breakers, pauses and resumes them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BreakerCommand.ListBreakers.class,
      BreakerCommand.Show.class,
      HoldCommand.PauseBreaker.class,
      HoldCommand.ResumeBreaker.class,
    })
public final class BreakerCommand {

  /** Lists breakers. */
  @Command(
      name = "list",
      description = "Lists the breakers of queues and keys that have seen a result or an operator.",
      mixinStandardHelpOptions = true)
  static final class ListBreakers implements Callable<ExitCode> {
    private static final List<String> LISTED =
        List.of("key", "phase", "cause", "since", "until", "paused", "results", "failures");

    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;
    @Mixin private PageOption paging;

    @Override
    public ExitCode call() {
      Map<String, String> parameters = new LinkedHashMap<>();
      paging.addTo(parameters);
      try (DomeClient client = server.client("auditor")) {
        JsonNode page = client.read("breakers", parameters);
        ArrayNode rows = Json.mapper().createArrayNode();
        page.path("items").forEach(item -> rows.add(row(item)));
        output.print(spec.commandLine().getOut(), rows);
        paging.showNext(spec, output, page);
        return ExitCode.OK;
      }
    }

    private static ObjectNode row(JsonNode item) {
      ObjectNode row = Json.mapper().createObjectNode();
      LISTED.forEach(name -> row.set(name, item.path(name)));
      row.set("by", item.at("/steering/actor"));
      row.set("comment", item.at("/steering/comment"));
      return row;
    }
  }

  /** Shows one. */
  @Command(
      name = "show",
      description = "Shows a breaker with its latest changes.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "KEY", description = "queue:<name>, or key:<text>.")
    private String key;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("auditor")) {
        output.print(
            spec.commandLine().getOut(),
            client.read("breakers/" + DomeClient.segment(key), Map.of()));
        return ExitCode.OK;
      }
    }
  }
}
