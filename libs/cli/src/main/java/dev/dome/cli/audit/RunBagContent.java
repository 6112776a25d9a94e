package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.Patience;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;

/**
 * Takes the payload of a run's bag from the server. The audit and the manifest follow the journal,
 * so what is not there yet is waited for.
 */
final class RunBagContent {
  private static final String LAST_TOPIC = "run.completed";

  private final DomeClient client;
  private final String runId;
  private final BagWriter bag;
  private final Patience patience;

  RunBagContent(DomeClient client, String runId, BagWriter bag, Patience patience) {
    this.client = client;
    this.runId = runId;
    this.bag = bag;
    this.patience = patience;
  }

  /**
   * What was taken.
   *
   * @param records of the audit
   * @param manifest whether the run's manifest is among it
   */
  record Taken(long records, boolean manifest) {}

  /**
   * A ledger as it was read.
   *
   * @param ended whether nothing can follow its last row
   */
  private record Ledger(long rows, boolean ended) {}

  /** Records of the audit, and how many of them are journal rows. */
  private record Records(long all, long journal) {}

  /**
   * Takes everything.
   *
   * @param withManifest whether a run that ended must have its manifest
   * @throws CliException when the time is over, or the run's record does not hold
   */
  Taken take(boolean withManifest) throws IOException {
    Ledger ledger = ledger();
    Records records = records();
    while (ledger.rows() == 0 || records.journal() != ledger.rows()) {
      if (!patience.await("the audit of " + runId)) {
        throw new CliException(
            ExitCode.TIMEOUT,
            "the audit has recorded %d of %d rows of %s"
                .formatted(records.journal(), ledger.rows(), runId),
            "nothing was written; wait for the run to end or for the audit to catch up, then try"
                + " again");
      }
      ledger = ledger();
      records = records();
    }
    lateReports();
    boolean manifest = withManifest && manifest(ledger.ended());
    return new Taken(records.all(), manifest);
  }

  private Ledger ledger() throws IOException {
    long rows = 0;
    String topic = "";
    try (OutputStream file = bag.file(BagFiles.LEDGER)) {
      String after = "0";
      while (after != null) {
        JsonNode page =
            client.read("runs/" + runId + "/ledger", Map.of("after", after, "page_size", "200"));
        for (JsonNode row : page.path("items")) {
          write(file, row);
          topic = row.at("/envelope/topic").asText();
          rows++;
        }
        after = page.hasNonNull("next_after") ? page.path("next_after").asText() : null;
      }
    }
    return new Ledger(rows, topic.equals(LAST_TOPIC));
  }

  /** None while the audit knows no such run. */
  private Records records() throws IOException {
    try (OutputStream file = bag.file(BagFiles.RECORDS)) {
      client.download("audit/exports/" + runId, file);
    } catch (DomeException e) {
      if (e.status() == 404) {
        return new Records(0, 0);
      }
      throw e;
    }
    long all = 0;
    long journal = 0;
    try (BufferedReader lines = Files.newBufferedReader(bag.draft().resolve(BagFiles.RECORDS))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all++;
        if (Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class).has("journal")) {
          journal++;
        }
      }
    }
    return new Records(all, journal);
  }

  private void lateReports() throws IOException {
    try (OutputStream file = bag.file(BagFiles.LATE_REPORTS)) {
      client.lateReports(runId, report -> writeUnchecked(file, report));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean manifest(boolean ended) throws IOException {
    Optional<JsonNode> manifest = readManifest();
    while (manifest.isEmpty() && ended) {
      if (!patience.await("the manifest of " + runId)) {
        throw new CliException(
            ExitCode.TIMEOUT,
            "provenance has made no manifest of %s within %d s"
                .formatted(runId, patience.limit().toSeconds()),
            "nothing was written; try again with a longer --wait, or take the rest with"
                + " --without-manifest");
      }
      manifest = readManifest();
    }
    if (manifest.isPresent()) {
      try (OutputStream file = bag.file(BagFiles.RUN_MANIFEST)) {
        file.write(CanonicalJson.bytes(manifest.orElseThrow()));
      }
    }
    return manifest.isPresent();
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
            "nothing was written; ./dome replay "
                + runId
                + " shows the first difference,"
                + " --without-manifest takes the audit all the same");
      }
      throw e;
    }
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
