package dev.dome.cli.admin;

import picocli.CommandLine.Command;

/** Looks after a whole system. */
@Command(
    name = "admin",
    description = "Checks and repairs a whole system, and shows what it set aside.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      VerifyCommand.class,
      FsckCommand.class,
      RebuildStreamsCommand.class,
      PoisonCommand.class,
      PurgeCommand.class
    })
public final class AdminCommand {}
