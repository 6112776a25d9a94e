package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.Patience;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
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

/** Takes what the audit has of one run, or of a range of time, away; to be checked anywhere. */
@Command(
    name = "export",
    description = {
      "Writes a run's audit records, its ledger and its signed statements as a BagIt bag, checked"
          + " offline. With --from and --until instead of a run: every record of the namespace in"
          + " that time, the same of each run that they name, and the tombstones of what was purged,"
          + " with their signed statements.",
      "An export that broke off goes on where it stopped when the same command is run again."
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<ExitCode> {
  private static final String BEGUN = "begun";
  private static final String PURGED = "AUDIT.PURGED";

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "The run's id; none with --from and --until.")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "What happened then or later: 2026-11-01 (UTC), or an RFC 3339 time.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "What happened before; not in the future.")
  private Optional<String> until = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = {
        "The directory to make (default: audit-<namespace>-<run>, or",
        "audit-<namespace>-<from>-until-<until>)."
      })
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
      description = {
        "Leave manifests and statements of runs, and those of tombstones, out instead of waiting for",
        "them."
      })
  private boolean withoutManifest;

  @Override
  public ExitCode call() throws IOException {
    if (run.isPresent() == (from.isPresent() || until.isPresent())) {
      throw new CliException(
          ExitCode.USAGE,
          "an export is of a run or of a range of time",
          "give RUN, or --from and --until");
    }
    try {
      return run.isPresent() ? exportRun(runId(run.get())) : exportRange(range());
    } catch (Failure failure) {
      throw new CliException(
          ExitCode.FAILED,
          "the server's answers do not hold together: " + failure.getMessage(),
          "nothing was written; keep the server's data as it is and look into it");
    }
  }

  private ExitCode exportRun(String runId) throws IOException {
    Path target = target("audit-" + server.namespace() + "-" + runId);
    String identifier = RunBagCheck.identifier(server.namespace(), runId);
    try (DomeClient client = server.client("auditor");
        BagWriter bag = BagWriter.to(target, of(identifier))) {
      Map<String, String> info =
          info(bag, identifier, "Audit records and ledger of one run of dome");
      RunBagContent.Taken taken = takeRun(client, runId, bag, target);
      bag.seal(info, text("bag-readme.txt"));
      RunBagCheck.Report report = RunBagCheck.of(bag.draft(), Pins.NONE, progress());
      bag.publish();
      print(target, taken, report);
      return ExitCode.OK;
    }
  }

  private ExitCode exportRange(BagRange range) throws IOException {
    Path target = target(range.fileName());
    try (DomeClient client = server.client("auditor");
        BagWriter bag = BagWriter.to(target, of(range.identifier()))) {
      Map<String, String> info =
          info(bag, range.identifier(), "Audit records of a range of time, and their runs");
      kept(
          bag,
          () -> {
            new RangeBagContent(client, range, bag, this::patience, progress())
                .take(!withoutManifest);
            return bag;
          });
      bag.seal(info, text("range-readme.txt"));
      RangeBagCheck.Report report = RangeBagCheck.of(bag.draft(), Pins.NONE, progress());
      bag.publish();
      ObjectNode printed = Json.mapper().createObjectNode().put("directory", target.toString());
      output.print(spec.commandLine().getOut(), printed.setAll((ObjectNode) Json.tree(report)));
      hint(target);
      return ExitCode.OK;
    }
  }

  /** What is left of a run that was purged, in a file beside where the export would be. */
  private CliException purged(DomeClient client, String runId, Path target) throws IOException {
    Path file = target.resolveSibling(target.getFileName() + ".tombstones.json");
    List<JsonNode> left = Tombstones.signedOfRun(client, runId);
    Files.write(file, Json.write(left));
    boolean signed = left.stream().allMatch(tombstone -> tombstone.has(Tombstones.BUNDLE));
    return new CliException(
        ExitCode.FAILED,
        "AUDIT.PURGED: the records of %s were purged; what is left is in %s%s"
            .formatted(
                runId,
                file,
                signed ? "" : ", not all of it with its signed statement, which may still come"),
        "./dome audit verify BAG --tombstone FILE holds an export from before to it");
  }

  private RunBagContent.Taken takeRun(DomeClient client, String runId, BagWriter bag, Path target)
      throws IOException {
    try {
      return kept(
          bag,
          () ->
              new RunBagContent(client, runId, bag, patience(), progress()).take(!withoutManifest));
    } catch (DomeException e) {
      throw e.has(PURGED) ? purged(client, runId, target) : e;
    }
  }

  /** Takes something from a server. */
  private interface Taking<T> {
    T take() throws IOException;
  }

  /** What could end otherwise another time leaves what was taken for that. */
  private <T> T kept(BagWriter bag, Taking<T> taking) throws IOException {
    try {
      return taking.take();
    } catch (DomeException e) {
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

  private String of(String identifier) {
    return identifier + (withoutManifest ? " without its manifest" : "");
  }

  private static String runId(String given) {
    if (!RunId.PATTERN.matcher(given).matches()) {
      throw new CliException(
          ExitCode.USAGE, "a run id matches " + RunId.PATTERN, "./dome run list shows the runs");
    }
    return given;
  }

  /** What is still to come is in no export, so that two of one range are of the same. */
  private BagRange range() {
    if (from.isEmpty()
        || until.isEmpty()
        || !NamespaceId.PATTERN.matcher(server.namespace()).matches()) {
      throw usage("a range has --from and --until, and a namespace");
    }
    long fromMs = time("--from", from.get());
    long untilMs = time("--until", until.get());
    if (fromMs >= untilMs) {
      throw usage("--from is not before --until");
    }
    if (untilMs > System.currentTimeMillis()) {
      throw usage("--until is in the future");
    }
    return new BagRange(new NamespaceId(server.namespace()), fromMs, untilMs);
  }

  private static long time(String option, String text) {
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
          : Timestamps.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      throw usage(option + " is no time");
    }
  }

  private static CliException usage(String what) {
    return new CliException(
        ExitCode.USAGE, what, "such as --from 2026-11-01 --until 2026-11-02T12:00:00Z");
  }

  private Path target(String name) {
    Path target = to.orElseGet(() -> Path.of(name)).toAbsolutePath();
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
  private static Map<String, String> info(BagWriter bag, String identifier, String description)
      throws IOException {
    if (bag.mark(BEGUN).isEmpty()) {
      bag.mark(BEGUN, LocalDate.now(ZoneOffset.UTC).toString());
    }
    Map<String, String> info = new LinkedHashMap<>();
    info.put("Bagging-Date", bag.mark(BEGUN).orElseThrow());
    info.put("External-Identifier", identifier);
    info.put("External-Description", description);
    info.put("Bag-Software-Agent", "dome");
    return info;
  }

  private static String text(String name) {
    try (InputStream text = ExportCommand.class.getResourceAsStream(name)) {
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
    hint(target);
  }

  private void hint(Path target) {
    if (output.isForPeople()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("check it anywhere: ./dome audit verify " + target);
      err.println(
          "as a whole it is not signed: keep bag_sha256 elsewhere, and give it to --bag-sha256 of the"
              + " check");
    }
  }
}
