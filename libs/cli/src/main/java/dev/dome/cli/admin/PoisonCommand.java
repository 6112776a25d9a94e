package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.PageOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.ArrayList;
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

/** Inputs that were set aside. */
@Command(
    name = "poison",
    description = "Shows inputs that could not be handled and were set aside, of every namespace.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PoisonCommand.ListPoison.class, PoisonCommand.Show.class})
final class PoisonCommand {

  /** Lists them. */
  @Command(
      name = "list",
      description = "Lists inputs that were set aside, by lane and in the order they came.",
      mixinStandardHelpOptions = true)
  static final class ListPoison implements Callable<ExitCode> {
    private static final List<String> LISTED =
        List.of("poison_id", "at", "reason_code", "kind", "namespace", "run_id", "cause");

    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;
    @Mixin private PageOption paging;

    @Option(names = "--lane", description = "Only those of a lane.")
    private Optional<Integer> lane = Optional.empty();

    @Override
    public ExitCode call() {
      Map<String, String> parameters = new LinkedHashMap<>();
      lane.ifPresent(value -> parameters.put("lane", value.toString()));
      paging.addTo(parameters);
      try (DomeClient dome = server.systemClient("operator")) {
        JsonNode page = dome.readGlobal("poison", parameters);
        List<JsonNode> items = new ArrayList<>();
        page.path("items").forEach(items::add);
        output.print(
            spec.commandLine().getOut(),
            output.isForPeople() ? items.stream().map(ListPoison::row).toList() : items);
        paging.showNext(spec, output, page);
        return ExitCode.OK;
      }
    }

    private static JsonNode row(JsonNode item) {
      ObjectNode row = Json.mapper().createObjectNode();
      LISTED.forEach(name -> row.put(name, item.path(name).asText("-")));
      return row;
    }
  }

  /** Shows one. */
  @Command(
      name = "show",
      description = "Shows an input that was set aside, with its cause and its redacted message.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "ID", description = "Its id, as list shows it.")
    private String id;

    @Override
    public ExitCode call() {
      try (DomeClient dome = server.systemClient("operator")) {
        output.print(
            spec.commandLine().getOut(),
            dome.readGlobal("poison/" + DomeClient.segment(id), Map.of()));
        return ExitCode.OK;
      }
    }
  }
}
