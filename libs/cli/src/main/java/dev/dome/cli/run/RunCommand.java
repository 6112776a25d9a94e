package dev.dome.cli.run;

import picocli.CommandLine.Command;

/** Runs: submit, read, watch and steer them. */
@Command(
    name = "run",
    description = "Submits, shows, explains, watches and steers runs.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      SubmitCommand.class,
      GetCommand.class,
      WhyCommand.class,
      ListCommand.class,
      WatchCommand.class,
      GraphCommand.class,
      RunEvidenceCommand.class,
      LateCommand.class,
      SteerCommand.Cancel.class,
      SteerCommand.Pause.class,
      SteerCommand.Resume.class,
      ApproveCommand.class,
      LedgerCommand.class,
      ManifestCommand.class,
    })
public final class RunCommand {}
