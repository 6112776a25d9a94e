package dev.dome.cli.run;

import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Queues. */
@Command(
    name = "queue",
    description = "Shows queues.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = QueueCommand.ListQueues.class)
public final class QueueCommand {
  /** Lists queues. */
  @Command(
      name = "list",
      description = "Lists queues with how many tasks wait and run.",
      mixinStandardHelpOptions = true)
  static final class ListQueues implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("auditor")) {
        output.print(spec.commandLine().getOut(), client.read("queues", Map.of()).path("items"));
        return ExitCode.OK;
      }
    }
  }
}
