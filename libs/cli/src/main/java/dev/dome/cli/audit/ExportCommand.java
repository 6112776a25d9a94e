package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes everything the audit has of one run away, as a directory that can be checked anywhere. */
@Command(
    name = "export",
    description = "Writes a run's audit records and its ledger as a BagIt bag, checked offline.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<ExitCode> {
  private static final long PAUSE_MS = 500;

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
      description = "How long to wait for an audit that is behind (default: ${DEFAULT-VALUE}).")
  private int waitSeconds;

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    Path target = target();
    try (DomeClient client = server.client("auditor");
        BagWriter bag = BagWriter.to(target)) {
      long records = content(client, bag);
      bag.seal(info(), readme());
      RunBagCheck.Report report = RunBagCheck.of(bag.draft());
      bag.publish();
      print(target, records, report);
      return ExitCode.OK;
    } catch (Failure failure) {
      throw new CliException(
          ExitCode.FAILED,
          "the server's answers do not hold together: " + failure.getMessage(),
          "nothing was written; keep the server's data as it is and look into it");
    }
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

  /** The audit follows the journal: what it has not recorded yet is waited for. */
  private long content(DomeClient client, BagWriter bag) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
    while (true) {
      long rows = ledger(client, bag);
      long recorded = rows == 0 ? 0 : records(client, bag);
      if (rows > 0 && recorded == rows) {
        manifest(client, bag);
        return count(bag.draft().resolve(BagFiles.RECORDS));
      }
      if (System.nanoTime() > deadline) {
        throw new CliException(
            ExitCode.TIMEOUT,
            "the audit has recorded " + recorded + " of " + rows + " rows of " + runId,
            "wait for the run to end or for the audit to catch up, then try again");
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  private long ledger(DomeClient client, BagWriter bag) throws IOException {
    long rows = 0;
    try (OutputStream file = bag.file(BagFiles.LEDGER)) {
      String after = "0";
      while (after != null) {
        JsonNode page =
            client.read("runs/" + runId + "/ledger", Map.of("after", after, "page_size", "200"));
        for (JsonNode row : page.path("items")) {
          file.write(Json.write(row));
          file.write('\n');
          rows++;
        }
        after = page.hasNonNull("next_after") ? page.path("next_after").asText() : null;
      }
    }
    return rows;
  }

  /** Returns how many journal rows the records hold; none while the audit knows no such run. */
  private long records(DomeClient client, BagWriter bag) throws IOException {
    try (OutputStream file = bag.file(BagFiles.RECORDS)) {
      client.download("audit/exports/" + runId, file);
    } catch (DomeException e) {
      if (e.status() == 404) {
        return 0;
      }
      throw e;
    }
    try (Stream<String> lines = Files.lines(bag.draft().resolve(BagFiles.RECORDS))) {
      return lines
          .filter(line ->
              Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class).has("journal"))
          .count();
    }
  }

  private void manifest(DomeClient client, BagWriter bag) throws IOException {
    Optional<JsonNode> manifest = client.readIfPresent("runs/" + runId + "/manifest");
    if (manifest.isPresent()) {
      try (OutputStream file = bag.file(BagFiles.RUN_MANIFEST)) {
        file.write(CanonicalJson.bytes(manifest.get()));
      }
    }
  }

  private Map<String, String> info() {
    Map<String, String> info = new LinkedHashMap<>();
    info.put("Bagging-Date", LocalDate.now(ZoneOffset.UTC).toString());
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

  private static long count(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }

  private void print(Path target, long records, RunBagCheck.Report report) {
    output.print(
        spec.commandLine().getOut(),
        Json.mapper()
            .createObjectNode()
            .put("directory", target.toString())
            .put("run_id", report.runId())
            .put("status", report.status())
            .put("records", records)
            .put("ledger_rows", report.ledgerRows())
            .put("access_records", report.accessRecords())
            .put("head_hash", report.headHash()));
    if (output.isForPeople()) {
      spec.commandLine().getErr().println("check it anywhere: ./dome audit verify " + target);
    }
  }
}
