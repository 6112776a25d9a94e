package dev.dome.cli.bench;

import picocli.CommandLine.Command;

/** Workload W3R: as W3, and the middle task fails once. */
@Command(
    name = "w3r",
    description = {
      "Measures W3 with a middle task that fails once for a passing reason and is tried again.",
      "Starts a stack of its own and stops it again, unless --server or DOME_URL names one."
    },
    mixinStandardHelpOptions = true)
final class W3rCommand extends RunsCommand {
  @Override
  Workload workload() {
    return new Workload.RetriedChain();
  }

  @Override
  Amounts amounts() {
    return new Amounts(1_000, 50, 1_000);
  }
}
