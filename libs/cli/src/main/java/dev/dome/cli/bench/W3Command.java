package dev.dome.cli.bench;

import picocli.CommandLine.Command;

/** Workload W3: runs of three sequential tasks that do nothing. */
@Command(
    name = "w3",
    description = {
      "Measures runs of three sequential no-op tasks, results of 512 bytes, from submission to promotion.",
      "Starts a stack of its own and stops it again, unless --server or DOME_URL names one."
    },
    mixinStandardHelpOptions = true)
final class W3Command extends RunsCommand {
  @Override
  Workload workload() {
    return new Workload.Chain();
  }

  @Override
  Amounts amounts() {
    return new Amounts(2_000, 300, 2_000);
  }
}
