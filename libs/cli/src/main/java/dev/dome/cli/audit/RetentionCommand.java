package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows or sets how long a namespace's records are kept. */
@Command(
    name = "retention",
    description = {
      "Shows the retention class of what begins in the namespace now, and the classes there are.",
      "Which classes there are and how many days they keep is said to the migrations, by"
          + " DOME_AUDIT_RETENTION_CLASSES."
    },
    mixinStandardHelpOptions = true)
final class RetentionCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(
      names = "--set",
      paramLabel = "CLASS",
      description = "Give the namespace this class; runs that have begun keep theirs.")
  private Optional<String> wanted = Optional.empty();

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client(wanted.isPresent() ? "operator" : "auditor")) {
      JsonNode retention =
          wanted.isPresent()
              ? client.audit().setRetention(wanted.get())
              : client.audit().retention();
      output.print(spec.commandLine().getOut(), output.isForPeople() ? row(retention) : retention);
      return ExitCode.OK;
    }
  }

  private static ObjectNode row(JsonNode retention) {
    ObjectNode row = Json.mapper().createObjectNode();
    row.set("namespace", retention.path("namespace"));
    row.set("retention_class", retention.path("retention_class"));
    row.put("days", days(retention));
    row.put("set_by", retention.path("set_by").asText("-"));
    row.put(
        "classes",
        StreamSupport.stream(retention.path("classes").spliterator(), false)
            .map(each -> each.path("name").asText() + "=" + days(each))
            .collect(Collectors.joining(", ")));
    return row;
  }

  private static String days(JsonNode retention) {
    return retention.path("days").asText("forever");
  }
}
