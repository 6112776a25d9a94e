package dev.dome.cli;

import dev.dome.devstack.LocalStack;
import dev.dome.devstack.StackState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Stops the local stack and forgets what it stored. */
@Command(
    name = "reset",
    description =
        "Stops the local stack and deletes its data, keys and logs; fetched programs stay.",
    mixinStandardHelpOptions = true)
final class ResetCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private StackDirectory directory;

  @Override
  public ExitCode call() {
    var progress = new ProgressLines(spec.commandLine().getErr());
    StackState.read(directory.path())
        .ifPresent(state -> LocalStack.stop(directory.path(), state, progress));
    LocalStack.forget(directory.path());
    return ExitCode.OK;
  }
}
