package dev.dome.cli.audit;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.provenance.TrustFiles;
import dev.dome.transparency.TrustedRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks an export without a server. */
@Command(
    name = "verify",
    description = {
      "Checks an export without a server: its files and digests, the ledger's hash chain, every"
          + " decision by replay, and the audit's records and the manifest, made again from the"
          + " ledger, and the signatures of statements. Names the first thing that does not hold.",
      "The export as a whole is not signed: unless --bag-sha256 holds it to a digest that was kept"
          + " elsewhere, whoever can write the whole directory can change what is said to be"
          + " unprotected. Statements are held to the export's own keys unless --trusted-root names"
          + " others."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<ExitCode> {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "BAG", description = "The exported directory, or a zip of it.")
  private Path bag;

  @Option(
      names = "--head-hash",
      paramLabel = "HASH",
      description = "What the hash of the ledger's last row must be.")
  private Optional<String> headHash = Optional.empty();

  @Option(
      names = "--manifest-sha256",
      paramLabel = "DIGEST",
      description = "What the digest of the run's manifest must be: its ETag.")
  private Optional<String> manifestSha256 = Optional.empty();

  @Option(
      names = "--bag-sha256",
      paramLabel = "DIGEST",
      description = "What the digest of tagmanifest-sha256.txt must be; holds every file.")
  private Optional<String> bagSha256 = Optional.empty();

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE",
      description = {
        "The log's keys, a trusted_root.json that came from elsewhere, with keys.json beside it:",
        "the statements of runs and tombstones must be there and signed by them."
      })
  private Optional<Path> trustedRoot = Optional.empty();

  @Option(
      names = "--tombstone",
      paramLabel = "FILE",
      description = {
        "What ./dome audit tombstones --run RUN -o json wrote, once the run was purged: the ledger",
        "must have the rows that were removed. With --trusted-root it must have their statements, as",
        "--proofs takes them along."
      })
  private Optional<Path> tombstone = Optional.empty();

  @Override
  public ExitCode call() throws IOException {
    Optional<TrustedRoot> keys = trustedRoot.map(file -> TrustFiles.read(file, Optional.empty()));
    Pins pins =
        new Pins(
            digest("--head-hash", headHash),
            digest("--manifest-sha256", manifestSha256),
            digest("--bag-sha256", bagSha256),
            keys,
            tombstone.isPresent() ? Tombstones.read(tombstone.get(), keys) : List.of());
    Progress progress =
        new Progress(
            output.isForPeople() ? spec.commandLine().getErr()::println : line -> {},
            System::nanoTime);
    try (BagArchive archive = BagArchive.open(bag, BagArchive.Limits.STANDARD)) {
      if (BagFiles.isOfARange(archive.root())) {
        RangeBagCheck.Report report = RangeBagCheck.of(archive.root(), ofRange(pins), progress);
        output.print(spec.commandLine().getOut(), report);
        warn(report.unprotected());
      } else {
        RunBagCheck.Report report = RunBagCheck.of(archive.root(), pins, progress);
        output.print(spec.commandLine().getOut(), report);
        warn(report.unprotected());
      }
      return ExitCode.OK;
    } catch (Failure failure) {
      throw new CliException(
          ExitCode.FAILED,
          "the export does not hold: " + failure.code() + ": " + failure.getMessage(),
          "do not rely on it; export again, or ask whoever handed it over");
    }
  }

  private static Optional<String> digest(String option, Optional<String> given) {
    if (given.isPresent() && !DIGEST.matcher(given.get()).matches()) {
      throw new CliException(
          ExitCode.USAGE, option + " is no SHA-256", "64 hex digits in lower case");
    }
    return given;
  }

  /** A digest or tombstone of one run holds nothing of many. */
  private static Pins ofRange(Pins pins) {
    if (pins.headHash().isPresent()
        || pins.manifestSha256().isPresent()
        || !pins.tombstones().isEmpty()) {
      throw new CliException(
          ExitCode.USAGE,
          "--head-hash, --manifest-sha256 and --tombstone are of one run",
          "an export of a range takes --bag-sha256 and --trusted-root");
    }
    return pins;
  }

  private void warn(List<String> unprotected) {
    if (output.isForPeople() && !unprotected.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "not signed: only the export's own digests protect "
                  + String.join(", ", unprotected));
    }
  }
}
