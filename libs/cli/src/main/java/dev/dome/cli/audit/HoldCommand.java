package dev.dome.cli.audit;

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

/** Legal holds. */
@Command(
    name = "hold",
    description = "Keeps runs or a whole namespace from being purged, whatever their class says.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {HoldCommand.Place.class, HoldCommand.ListHolds.class, HoldCommand.Release.class})
final class HoldCommand {
  private HoldCommand() {}

  private static ObjectNode row(JsonNode hold) {
    ObjectNode row = Json.mapper().createObjectNode();
    row.set("hold_id", hold.path("hold_id"));
    row.put("run_id", hold.path("run_id").asText("all of " + hold.path("namespace").asText()));
    for (String name : List.of("reason", "authority", "placed_by", "placed_at")) {
      row.set(name, hold.path(name));
    }
    row.put(
        "released",
        hold.has("released")
            ? hold.at("/released/at").asText() + " by " + hold.at("/released/by").asText()
            : "-");
    return row;
  }

  /** Places one. */
  @Command(
      name = "place",
      description = "Places a hold on a run, or without --run on the whole namespace.",
      mixinStandardHelpOptions = true)
  static final class Place implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "HOLD", description = "An id for it, such as case-17; used once.")
    private String holdId;

    @Option(names = "--run", description = "The run; the whole namespace where it is not named.")
    private Optional<String> run = Optional.empty();

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason;

    @Option(names = "--authority", required = true, description = "By whose order.")
    private String authority;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        JsonNode hold = client.audit().placeHold(holdId, run, reason, authority);
        output.print(spec.commandLine().getOut(), output.isForPeople() ? row(hold) : hold);
        return ExitCode.OK;
      }
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "Lists the namespace's holds, released ones too.",
      mixinStandardHelpOptions = true)
  static final class ListHolds implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;
    @Mixin private PageOption paging;

    @Option(names = "--in-force", description = "Only those that were not released.")
    private boolean inForce;

    @Override
    public ExitCode call() {
      Map<String, String> parameters = new LinkedHashMap<>();
      if (inForce) {
        parameters.put("state", "IN_FORCE");
      }
      paging.addTo(parameters);
      try (DomeClient client = server.client("auditor")) {
        JsonNode page = client.read("audit/holds", parameters);
        List<JsonNode> holds = new ArrayList<>();
        page.path("items").forEach(holds::add);
        output.print(
            spec.commandLine().getOut(),
            output.isForPeople() ? holds.stream().map(HoldCommand::row).toList() : holds);
        paging.showNext(spec, output, page);
        return ExitCode.OK;
      }
    }
  }

  /** Lets one go. */
  @Command(
      name = "release",
      description = "Lets a hold go. It stays on record, and its id is not used again.",
      mixinStandardHelpOptions = true)
  static final class Release implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "HOLD", description = "Its id, as list shows it.")
    private String holdId;

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        JsonNode hold = client.audit().releaseHold(holdId, reason);
        output.print(spec.commandLine().getOut(), output.isForPeople() ? row(hold) : hold);
        return ExitCode.OK;
      }
    }
  }
}
