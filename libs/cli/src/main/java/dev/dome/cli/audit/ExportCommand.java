package dev.dome.cli.audit;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.Patience;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes everything the audit has of one run away, as a directory that can be checked anywhere. */
@Command(
    name = "export",
    description = {
      "Writes a run's audit records, its ledger and its signed statements as a BagIt bag, checked"
          + " offline.",
      "An export that broke off goes on where it stopped when the same command is run again."
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<ExitCode> {
  private static final String BEGUN = "begun";
  private static final String PURGED = "AUDIT.PURGED";

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String runId;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The directory to make (default: audit-<namespace>-<run>).")
  private Optional<Path> to = Optional.empty();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = {
        "How long to wait for an audit that is behind, and for the manifest of a run that ended",
        "(default: ${DEFAULT-VALUE})."
      })
  private int waitSeconds;

  @Option(
      names = "--without-manifest",
      description = "Leave the run's manifest and statements out instead of waiting for them.")
  private boolean withoutManifest;

  @Override
  public ExitCode call() throws IOException {
    Path target = target();
    try (DomeClient client = server.client("auditor");
        BagWriter bag = BagWriter.to(target, of())) {
      Map<String, String> info = info(bag);
      RunBagContent.Taken taken = take(client, bag, target);
      bag.seal(info, readme());
      RunBagCheck.Report report = RunBagCheck.of(bag.draft(), Pins.NONE, progress());
      bag.publish();
      print(target, taken, report);
      return ExitCode.OK;
    } catch (Failure failure) {
      throw new CliException(
          ExitCode.FAILED,
          "the server's answers do not hold together: " + failure.getMessage(),
          "nothing was written; keep the server's data as it is and look into it");
    }
  }

  /** What is left of a run that was purged, in a file beside where the export would be. */
  private CliException purged(DomeClient client, Path target) throws IOException {
    Path file = target.resolveSibling(target.getFileName() + ".tombstones.json");
    Files.write(file, Json.write(Tombstones.ofRun(client, runId)));
    return new CliException(
        ExitCode.FAILED,
        "AUDIT.PURGED: the records of " + runId + " were purged; what is left is in " + file,
        "./dome audit verify BAG --tombstone FILE holds an export from before to it");
  }

  /** What could end otherwise another time leaves what was taken for that. */
  private RunBagContent.Taken take(DomeClient client, BagWriter bag, Path target)
      throws IOException {
    try {
      return new RunBagContent(client, runId, bag, patience(), progress()).take(!withoutManifest);
    } catch (DomeException e) {
      if (e.has(PURGED)) {
        throw purged(client, target);
      }
      if (!e.isFinal()) {
        keep(bag);
      }
      throw e;
    } catch (CliException e) {
      if (e.exitCode() == ExitCode.TIMEOUT) {
        keep(bag);
      }
      throw e;
    } catch (IOException e) {
      keep(bag);
      throw e;
    }
  }

  private void keep(BagWriter bag) throws IOException {
    if (bag.isEmpty()) {
      return;
    }
    bag.keep();
    lines().accept("what was taken is kept; the same command goes on where this one ended");
  }

  /** People see what is waited for and how far it has come; scripts see the exit code. */
  private Consumer<String> lines() {
    PrintWriter err = spec.commandLine().getErr();
    return output.isForPeople() ? err::println : line -> {};
  }

  private Patience patience() {
    return Patience.upTo(Duration.ofSeconds(waitSeconds), lines());
  }

  private Progress progress() {
    return new Progress(lines(), System::nanoTime);
  }

  private String of() {
    return RunBagCheck.identifier(server.namespace(), runId)
        + (withoutManifest ? " without its manifest" : "");
  }

  private Path target() {
    if (!RunId.PATTERN.matcher(runId).matches()) {
      throw new CliException(
          ExitCode.USAGE, "a run id matches " + RunId.PATTERN, "./dome run list shows the runs");
    }
    Path target =
        to.orElseGet(() -> Path.of("audit-" + server.namespace() + "-" + runId)).toAbsolutePath();
    if (Files.exists(target)) {
      throw new CliException(
          ExitCode.FAILED, target + " is there already", "choose another directory with --to");
    }
    if (!Files.isDirectory(target.getParent())) {
      throw new CliException(
          ExitCode.FAILED, target.getParent() + " is no directory", "make it first");
    }
    return target;
  }

  /** The date is that of the first go. */
  private Map<String, String> info(BagWriter bag) throws IOException {
    if (bag.mark(BEGUN).isEmpty()) {
      bag.mark(BEGUN, LocalDate.now(ZoneOffset.UTC).toString());
    }
    Map<String, String> info = new LinkedHashMap<>();
    info.put("Bagging-Date", bag.mark(BEGUN).orElseThrow());
    info.put("External-Identifier", RunBagCheck.identifier(server.namespace(), runId));
    info.put("External-Description", "Audit records and ledger of one run of dome");
    info.put("Bag-Software-Agent", "dome");
    return info;
  }

  private static String readme() {
    try (InputStream text = ExportCommand.class.getResourceAsStream("bag-readme.txt")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the text is part of this program", e);
    }
  }

  private void print(Path target, RunBagContent.Taken taken, RunBagCheck.Report report) {
    output.print(
        spec.commandLine().getOut(),
        Json.mapper()
            .createObjectNode()
            .put("directory", target.toString())
            .put("run_id", report.runId())
            .put("status", report.status())
            .put("records", taken.records())
            .put("ledger_rows", report.ledgerRows())
            .put("access_records", report.accessRecords())
            .put("late_reports", report.lateReports())
            .put("manifest", taken.manifest())
            .put("statements", taken.statements())
            .put("head_hash", report.headHash())
            .put("manifest_sha256", report.manifestSha256())
            .put("bag_sha256", report.bagSha256()));
    if (output.isForPeople()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("check it anywhere: ./dome audit verify " + target);
      err.println(
          "as a whole it is not signed: keep bag_sha256 elsewhere, and give it to --bag-sha256 of the"
              + " check");
    }
  }
}
