package dev.dome.cli.bench;

import picocli.CommandLine.Command;

/** Measurements. */
@Command(
    name = "bench",
    description = "Measures a running server through its public API.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {W3Command.class, TimersCommand.class})
public final class BenchCommand {}
