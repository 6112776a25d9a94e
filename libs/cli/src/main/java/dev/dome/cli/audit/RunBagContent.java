package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.Patience;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.transparency.TlogProof;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Takes the payload of a run's bag from the server, and goes on with what an earlier process took.
 * The audit, the manifest and the statements follow the journal, so what is not there yet is waited
 * for. What was taken once is not asked for again, so that a bag taken in several goes is the one
 * that a single go makes.
 */
final class RunBagContent {
  private static final String LAST_TOPIC = "run.completed";

  /** Names of the statements there were when they were first asked for. */
  private static final String STATEMENTS = "statements";

  private final DomeClient client;
  private final String runId;
  private final Draft bag;
  private final Patience patience;
  private final Progress progress;
  private final TakenLines ledger;
  private final TakenRecords records;
  private long ledgerRows;
  private boolean ended;
  private long allRecords;
  private long journalRecords;

  RunBagContent(DomeClient client, String runId, Draft bag, Patience patience, Progress progress)
      throws IOException {
    this.client = client;
    this.runId = runId;
    this.bag = bag;
    this.patience = patience;
    this.progress = progress;
    this.ledger = new TakenLines(bag, BagFiles.LEDGER, this::row, progress);
    this.records =
        new TakenRecords(
            bag,
            (from, before, end, to) -> client.auditRecords(runId, from, before, end, to),
            this::record,
            progress);
  }

  /**
   * What was taken.
   *
   * @param records of the audit
   * @param manifest whether the run's manifest is among it
   * @param statements signed ones, of the run and its replays
   */
  record Taken(long records, boolean manifest, int statements) {}

  /**
   * Takes everything.
   *
   * @param withManifest whether a run that ended must have its manifest and statements
   * @throws CliException when the time is over, or the run's record does not hold
   */
  Taken take(boolean withManifest) throws IOException {
    takeLedger();
    takeRecords();
    while (ledgerRows == 0 || journalRecords != ledgerRows) {
      if (!patience.await("the audit of " + runId)) {
        throw new CliException(
            ExitCode.TIMEOUT,
            "the audit has recorded %d of %d rows of %s"
                .formatted(journalRecords, ledgerRows, runId),
            "wait for the run to end or for the audit to catch up, then try again");
      }
      takeLedger();
      takeRecords();
    }
    TranslatedRecords.write(bag, progress);
    takeLateReports();
    boolean manifest = withManifest && takeManifest();
    return new Taken(allRecords, manifest, manifest ? takeStatements() : 0);
  }

  private void row(JsonNode row) {
    ledgerRows++;
    ended = row.at("/envelope/topic").asText().equals(LAST_TOPIC);
  }

  private void record(JsonNode record) {
    allRecords++;
    journalRecords += record.has("journal") ? 1 : 0;
  }

  /** A ledger counts its rows from 1, so as many as there are, so far it has come. */
  private void takeLedger() throws IOException {
    ledger.take(file -> {
      String after = Long.toString(ledgerRows);
      while (after != null) {
        JsonNode page =
            client.read("runs/" + runId + "/ledger", Map.of("after", after, "page_size", "200"));
        for (JsonNode row : page.path("items")) {
          write(file, row);
        }
        after = page.hasNonNull("next_after") ? page.path("next_after").asText() : null;
      }
    });
  }

  /** A piece that broke off is taken to the end that it had; whoever has all rows asks no more. */
  private void takeRecords() throws IOException {
    if (!records.isBrokenOff() && ledgerRows > 0 && journalRecords == ledgerRows) {
      return;
    }
    try {
      records.take();
    } catch (DomeException e) {
      // None while the audit knows no such run.
      if (e.status() != 404) {
        throw e;
      }
    }
  }

  private void takeLateReports() throws IOException {
    if (bag.has(BagFiles.LATE_REPORTS)) {
      return;
    }
    bag.write(
        BagFiles.LATE_REPORTS,
        file -> client.lateReports(runId, report -> writeUnchecked(file, report)));
  }

  private boolean takeManifest() throws IOException {
    if (bag.has(BagFiles.RUN_MANIFEST)) {
      return true;
    }
    Optional<JsonNode> manifest = readManifest();
    while (manifest.isEmpty() && ended) {
      await("the manifest of " + runId, "provenance has made no manifest of " + runId);
      manifest = readManifest();
    }
    if (manifest.isPresent()) {
      bag.write(BagFiles.RUN_MANIFEST, CanonicalJson.bytes(manifest.orElseThrow()));
    }
    return manifest.isPresent();
  }

  private void await(String what, String failed) {
    if (!patience.await(what)) {
      throw new CliException(
          ExitCode.TIMEOUT,
          "%s within %d s".formatted(failed, patience.limit().toSeconds()),
          "try again with a longer --wait, or take the rest with --without-manifest");
    }
  }

  /** Empty while provenance has not made it, or has not yet heard that the run ended. */
  private Optional<JsonNode> readManifest() {
    try {
      return client.readIfPresent("runs/" + runId + "/manifest");
    } catch (DomeException e) {
      if (e.has("PROVENANCE.REPLAY_DIFFERS")) {
        throw new CliException(
            ExitCode.DIFFERENCE,
            "provenance makes no manifest of "
                + runId
                + ": its inputs do not make what was recorded",
            "./dome replay "
                + runId
                + " shows the first difference,"
                + " --without-manifest takes the audit all the same");
      }
      throw e;
    }
  }

  /** Every statement with the proof that the log has it, and the keys that both are held to. */
  private int takeStatements() throws IOException {
    List<String> names = statements();
    for (String name : names) {
      if (!bag.has(BagFiles.proof(name))) {
        JsonNode bundle = bundle(name);
        bag.write(BagFiles.bundle(name), Json.write(bundle));
        bag.write(
            BagFiles.proof(name),
            TlogProof.ofBundle(bundle).text().getBytes(StandardCharsets.UTF_8));
      }
    }
    takeKeys(client, bag);
    return names.size();
  }

  /** The keys that statements are held to, as the server gives them out. */
  static void takeKeys(DomeClient client, Draft bag) throws IOException {
    for (String file : List.of(BagFiles.TRUSTED_ROOT, BagFiles.KEYS)) {
      if (!bag.has(file)) {
        bag.write(file, client.log(file.substring(BagFiles.PAYLOAD.length() + 1)));
      }
    }
  }

  private List<String> statements() throws IOException {
    Optional<String> noted = bag.mark(STATEMENTS);
    if (noted.isPresent()) {
      return List.of(noted.get().split(" ", -1));
    }
    List<String> names = named();
    while (!names.containsAll(BagFiles.STATEMENTS_OF_A_RUN)) {
      await("the statements of " + runId, "the statements of " + runId + " are not all signed");
      names = named();
    }
    bag.mark(STATEMENTS, String.join(" ", names));
    return names;
  }

  /** A replay's statement is named by its id, every other by its kind. */
  private List<String> named() {
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode item : client.read("runs/" + runId + "/statements", Map.of()).path("items")) {
      String kind = item.path("statement").asText();
      String name = kind.equals("replay") ? item.path("subject").asText() : kind;
      Failure.unless(
          BagFiles.STATEMENT.matcher(name).matches(), name + " is no name of a statement");
      names.add(name);
    }
    return new ArrayList<>(names);
  }

  private JsonNode bundle(String name) {
    String resource = "runs/" + runId + "/statements/" + name;
    Optional<JsonNode> bundle = client.readIfPresent(resource);
    while (bundle.isEmpty()) {
      await("the statement " + name, "the log has no checkpoint with the statement " + name);
      bundle = client.readIfPresent(resource);
    }
    return bundle.orElseThrow();
  }

  private static void writeUnchecked(OutputStream file, JsonNode line) {
    try {
      write(file, line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream file, JsonNode line) throws IOException {
    file.write(Json.write(line));
    file.write('\n');
  }
}
