package dev.dome.cli.run;

import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a run's graph. */
@Command(
    name = "graph",
    description = "Shows a run's tasks, what they depend on and where they stand.",
    mixinStandardHelpOptions = true)
final class GraphCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      if (output.isForPeople()) {
        GraphText.of(client.run(runId), client.tasks(runId), Ansi.AUTO)
            .forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
      } else {
        output.print(spec.commandLine().getOut(), client.graph(runId));
      }
      return ExitCode.OK;
    }
  }
}
