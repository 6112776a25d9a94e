package dev.dome.cli.bench;

import picocli.CommandLine.Command;

/** Measurements. */
@Command(
    name = "bench",
    description = "Measures dome through its public API.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      W3Command.class,
      W3rCommand.class,
      LatencyCommand.class,
      IngestCommand.class,
      FanoutCommand.class,
      HistoryCommand.class,
      TimersCommand.class
    })
public final class BenchCommand {}
