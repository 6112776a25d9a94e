package dev.dome.cli;

import dev.dome.devstack.LocalStack;
import dev.dome.devstack.StackState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Stops the local stack and keeps its data. */
@Command(
    name = "down",
    description = "Stops the local stack; its data stays.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private StackDirectory directory;

  @Override
  public ExitCode call() {
    var found = StackState.read(directory.path());
    if (found.isEmpty()) {
      spec.commandLine().getErr().println("nothing is running");
      return ExitCode.OK;
    }
    LocalStack.stop(directory.path(), found.get(), new ProgressLines(spec.commandLine().getErr()));
    return ExitCode.OK;
  }
}
