package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Queues. */
@Command(
    name = "queue",
    description = "Shows queues, pauses and resumes them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QueueCommand.ListQueues.class,
      HoldCommand.PauseQueue.class,
      HoldCommand.ResumeQueue.class,
    })
public final class QueueCommand {
  /** Lists queues. */
  @Command(
      name = "list",
      description = "Lists queues with how many tasks wait and run, and who paused them.",
      mixinStandardHelpOptions = true)
  static final class ListQueues implements Callable<ExitCode> {
    private static final List<String> LISTED = List.of("queue", "ready", "held", "leased");

    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("auditor")) {
        JsonNode queues = client.read("queues", Map.of()).path("items");
        output.print(spec.commandLine().getOut(), output.isForPeople() ? rows(queues) : queues);
        return ExitCode.OK;
      }
    }

    private static ArrayNode rows(JsonNode queues) {
      ArrayNode rows = Json.mapper().createArrayNode();
      for (JsonNode queue : queues) {
        ObjectNode row = rows.addObject();
        LISTED.forEach(name -> row.set(name, queue.path(name)));
        row.put("paused_by", queue.at("/paused/actor").textValue());
        row.put("paused_at", queue.at("/paused/at").textValue());
      }
      return rows;
    }
  }
}
