package dev.dome.cli;

import dev.dome.devstack.StackState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows the processes of the local stack. */
@Command(
    name = "status",
    description = "Shows the local stack's processes; ends with 3 when one of them is not running.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private StackDirectory directory;
  @Mixin private OutputOption output;

  @Override
  public ExitCode call() {
    var state = directory.running();
    output.print(
        spec.commandLine().getOut(), state.members().stream().map(StatusCommand::row).toList());
    return state.runs() ? ExitCode.OK : ExitCode.NOT_RUNNING;
  }

  private static Map<String, Object> row(StackState.Member member) {
    var row = new LinkedHashMap<String, Object>();
    row.put("name", member.name());
    row.put("state", member.runs() ? member.health() : "stopped");
    row.put("pid", member.pid());
    row.put("url", member.url());
    row.put("log", member.log());
    return row;
  }
}
