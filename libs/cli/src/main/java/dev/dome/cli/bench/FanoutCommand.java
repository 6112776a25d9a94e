package dev.dome.cli.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs that fan out and join. */
@Command(
    name = "fanout",
    description = {
      "Measures runs of one task, then many at once, then one that waits for all of them.",
      "Starts a stack of its own and stops it again, unless --server or DOME_URL names one."
    },
    mixinStandardHelpOptions = true)
final class FanoutCommand extends RunsCommand {
  @Option(
      names = "--width",
      defaultValue = "1000",
      description = "Tasks at once in a run (default: ${DEFAULT-VALUE}).")
  private int width;

  @Override
  Workload workload() {
    return new Workload.FanOut(width);
  }

  @Override
  Amounts amounts() {
    return new Amounts(5, 5, 5);
  }
}
