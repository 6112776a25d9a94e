package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.PageOption;
import dev.dome.client.DomeClient;
import dev.dome.client.model.Page;
import dev.dome.client.model.Run;
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
import picocli.CommandLine.Spec;

/** Lists runs. */
@Command(name = "list", description = "Lists runs, newest first.", mixinStandardHelpOptions = true)
final class ListCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;
  @Mixin private PageOption paging;

  @Option(names = "--status", description = "Only runs that stand here, such as RUNNING.")
  private Optional<String> status = Optional.empty();

  @Option(
      names = "--page-size",
      defaultValue = "20",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int pageSize;

  @Override
  public ExitCode call() {
    Map<String, String> filter = new LinkedHashMap<>();
    filter.put("page_size", Integer.toString(pageSize));
    status.ifPresent(value -> filter.put("status", value));
    paging.addTo(filter);
    try (DomeClient client = server.client("auditor")) {
      Page<Run> page = client.runs(filter);
      List<JsonNode> rows = page.items().stream().map(ListCommand::row).toList();
      output.print(spec.commandLine().getOut(), rows);
      paging.showNext(spec, output, page.next());
      return ExitCode.OK;
    }
  }

  private static JsonNode row(Run run) {
    return Json.mapper()
        .createObjectNode()
        .put("run_id", run.runId())
        .put("status", run.status().name())
        .put("paused", run.paused())
        .put("submitter", run.submitter())
        .put("reason_code", run.reasonCode())
        .put("created_at", run.createdAt())
        .put("changed_at", run.changedAt());
  }
}
