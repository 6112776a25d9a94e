package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.PageOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists audit records. */
@Command(
    name = "query",
    description = "Lists what happened and who was let do what, in the order of the log.",
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;
  @Mixin private PageOption paging;

  @Option(names = "--kind", description = "Only journal, only access or only admin records.")
  private Optional<String> kind = Optional.empty();

  @Option(names = "--run", description = "Only records of this run.")
  private Optional<String> run = Optional.empty();

  @Option(names = "--actor", description = "Only what this subject caused.")
  private Optional<String> actor = Optional.empty();

  @Option(names = "--reason-code", description = "Only records that name this reason code.")
  private Optional<String> reasonCode = Optional.empty();

  @Option(names = "--topic", description = "Only journal rows or acts of this topic.")
  private Optional<String> topic = Optional.empty();

  @Option(names = "--from", description = "Only what happened then or later (RFC 3339).")
  private Optional<String> from = Optional.empty();

  @Option(names = "--to", description = "Only what happened before (RFC 3339).")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--ocsf",
      description =
          "Print API Activities (OCSF 1.3.0), one JSON object a line, as collectors read.")
  private boolean ocsf;

  @Option(
      names = "--page-size",
      defaultValue = "50",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int pageSize;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      JsonNode page = client.read("audit/records", filter());
      List<JsonNode> records = new ArrayList<>();
      page.path("items").forEach(records::add);
      print(records);
      paging.showNext(spec, output, page);
      return ExitCode.OK;
    }
  }

  private void print(List<JsonNode> records) {
    PrintWriter out = spec.commandLine().getOut();
    if (ocsf) {
      records.forEach(out::println);
      out.flush();
    } else {
      output.print(
          out, output.isForPeople() ? records.stream().map(QueryCommand::row).toList() : records);
    }
  }

  private Map<String, String> filter() {
    Map<String, String> filter = new LinkedHashMap<>();
    filter.put("page_size", Integer.toString(pageSize));
    kind.ifPresent(value -> filter.put("kind", value.toUpperCase(Locale.ROOT)));
    run.ifPresent(value -> filter.put("run_id", value));
    actor.ifPresent(value -> filter.put("actor", value));
    reasonCode.ifPresent(value -> filter.put("reason_code", value));
    topic.ifPresent(value -> filter.put("topic", value));
    from.ifPresent(value -> filter.put("from", value));
    to.ifPresent(value -> filter.put("to", value));
    if (ocsf) {
      filter.put("format", "OCSF");
    }
    paging.addTo(filter);
    return filter;
  }

  /** What a person looks for first; everything is in the other formats. */
  private static JsonNode row(JsonNode item) {
    JsonNode decision = item.at("/access/decision");
    ObjectNode row = Json.mapper().createObjectNode();
    row.put("index", item.path("log_index").asText());
    row.put("at", item.path("at").asText());
    row.put("run_id", item.path("run_id").asText());
    row.put("actor", item.path("actor").asText(decision.path("source").asText()));
    row.put("what", decision.isMissingNode() ? item.path("topic").asText() : what(decision));
    row.put(
        "reason_codes",
        StreamSupport.stream(item.path("reason_codes").spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(" ")));
    return row;
  }

  private static String what(JsonNode decision) {
    String operation = decision.path("operation").asText("-");
    JsonNode change = decision.path("change");
    return change.isMissingNode()
        ? decision.path("effect").asText() + " " + operation
        : "%s %s %s %s"
            .formatted(
                operation,
                change.path("kind").asText(),
                change.path("name").asText(),
                change.has("value") ? change.get("value") : "removed");
  }
}
