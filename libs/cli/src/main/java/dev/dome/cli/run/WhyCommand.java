package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.client.model.Run;
import dev.dome.client.model.Task;
import dev.dome.client.model.TaskStatus;
import dev.dome.contracts.Json;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says in words what a run waits for, or how it ended. */
@Command(
    name = "why",
    description = {
      "Says what a run waits for, since when, what would move it and what to type;",
      "of a final run how it ended."
    },
    mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(names = "--json", description = "The same as -o json.")
  private boolean json;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Override
  public ExitCode call() {
    if (json) {
      output.asJson();
    }
    try (DomeClient client = server.client("auditor")) {
      RunWhy why = RunWhy.of(facts(client, client.run(runId)), Clock.systemUTC().millis());
      if (output.isForPeople()) {
        why.lines().forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
      } else {
        output.print(spec.commandLine().getOut(), Json.tree(why));
      }
      return ExitCode.OK;
    }
  }

  private static RunWhy.Facts facts(DomeClient client, Run run) {
    JsonNode waiting = run.waitingOn();
    return new RunWhy.Facts(
        run,
        waiting != null && waiting.hasNonNull("queue")
            ? queue(client, waiting.path("queue").asText())
            : Optional.empty(),
        waiting != null && waiting.hasNonNull("breaker")
            ? client.readIfPresent(
                "breakers/" + DomeClient.segment(waiting.path("breaker").asText()))
            : Optional.empty(),
        deadLetters(client, run),
        run.status().isFinal() ? client.gate(run.runId()) : Optional.empty(),
        run.status().isFinal() ? blocked(client, run) : List.of());
  }

  private static Optional<JsonNode> queue(DomeClient client, String name) {
    return items(client.read("queues", Map.of())).stream()
        .filter(queue -> queue.path("queue").asText().equals(name))
        .findFirst();
  }

  private static List<JsonNode> deadLetters(DomeClient client, Run run) {
    return items(client.read("dead-letters", Map.of("run_id", run.runId(), "status", "OPEN")));
  }

  private static List<Task> blocked(DomeClient client, Run run) {
    return client.tasks(run.runId(), TaskStatus.BLOCKED);
  }

  private static List<JsonNode> items(JsonNode page) {
    return StreamSupport.stream(page.path("items").spliterator(), false).toList();
  }
}
