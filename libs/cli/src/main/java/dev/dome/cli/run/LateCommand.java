package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what came too late. */
@Command(
    name = "late",
    description = {
      "Lists reports of attempts that were no longer a task's: kept as evidence, never as state.",
      "-o json shows each with its whole report."
    },
    mixinStandardHelpOptions = true)
final class LateCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      List<JsonNode> reports = new ArrayList<>();
      client.lateReports(runId, reports::add);
      output.print(
          spec.commandLine().getOut(),
          output.isForPeople() ? reports.stream().map(LateCommand::row).toList() : reports);
      return ExitCode.OK;
    }
  }

  /** What a person looks for first. */
  private static JsonNode row(JsonNode report) {
    ObjectNode row = Json.mapper().createObjectNode();
    row.put("received_at", report.path("received_at").asText());
    row.put("task_id", report.at("/report/result/task_id").asText("-"));
    row.put("attempt_id", report.path("attempt_id").asText());
    row.put("fence", report.at("/report/fence").asText());
    row.put("status", report.at("/report/result/status").asText("-"));
    row.put("actor", report.at("/actor/subject").asText());
    row.put("reason_code", report.path("reason_code").asText());
    return row;
  }
}
