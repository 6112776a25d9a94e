package dev.dome.cli.audit;

import picocli.CommandLine.Command;

/** The audit log: ask it, take a run away, check what was taken away. */
@Command(
    name = "audit",
    description =
        "Asks the audit log, exports a run from it, checks an export offline, keeps and lets go.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QueryCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      RetentionCommand.class,
      HoldCommand.class,
      TombstonesCommand.class
    })
public final class AuditCommand {}
