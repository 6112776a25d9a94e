package dev.dome.cli.admin;

import picocli.CommandLine.Command;

/** Checks of a whole system. */
@Command(
    name = "admin",
    description = "Checks a whole system.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = VerifyCommand.class)
public final class AdminCommand {}
