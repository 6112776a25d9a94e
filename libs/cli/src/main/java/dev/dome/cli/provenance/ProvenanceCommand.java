package dev.dome.cli.provenance;

import picocli.CommandLine.Command;

/** Signed statements about runs. */
@Command(
    name = "provenance",
    description = "Fetches and checks what was signed about runs.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {VerifyCommand.class, BundleCommand.class, TrustCommand.class})
public final class ProvenanceCommand {}
