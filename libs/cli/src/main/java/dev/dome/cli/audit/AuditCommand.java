package dev.dome.cli.audit;

import picocli.CommandLine.Command;

/** The audit log: ask it, take a run away, check what was taken away. */
@Command(
    name = "audit",
    description = "Asks the audit log, exports a run from it and checks an export offline.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {QueryCommand.class, ExportCommand.class, VerifyCommand.class})
public final class AuditCommand {}
