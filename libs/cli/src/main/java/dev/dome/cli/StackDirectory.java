package dev.dome.cli;

import dev.dome.devstack.RepoRoot;
import dev.dome.devstack.StackState;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Mixin of commands that work on the local stack. */
public final class StackDirectory {
  @Option(
      names = "--dir",
      description = "Where the local stack lives (default: .dome of the repository).")
  private Optional<Path> directory = Optional.empty();

  public Path path() {
    return directory.orElseGet(() -> RepoRoot.find().resolve(".dome")).toAbsolutePath();
  }

  /**
   * The running stack.
   *
   * @throws CliException with {@link ExitCode#NOT_RUNNING} when there is none
   */
  public StackState running() {
    return StackState.read(path())
        .orElseThrow(() ->
            new CliException(ExitCode.NOT_RUNNING, "the local stack is not running", "./dome up"));
  }
}
