package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.Patience;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Takes the payload of a range's bag from the server: its records, every run that they name as the
 * run's own bag has it, and the tombstones of what was purged with what was signed about them. Runs
 * are taken one after the other, and one that was taken is not asked for again.
 */
final class RangeBagContent {
  private static final String PURGED = "AUDIT.PURGED";

  /** What became of a run: taken whole, purged, or never there. */
  private static final String STATE = "state";

  private static final String WHOLE = "whole";
  private static final String GONE = "gone";
  private static final String ABSENT = "absent";

  /** The log's size that has the last of a run's rows in the range. */
  private static final String REACHES = "reaches";

  private final DomeClient client;
  private final BagRange range;
  private final BagWriter bag;
  private final Supplier<Patience> patience;
  private final Progress progress;
  private final TakenRecords records;
  private final NamedByRecords named = new NamedByRecords();
  private final List<String> absent = new ArrayList<>();
  private long neededLogSize;

  /**
   * Of a range.
   *
   * @param patience for one thing that is waited for, anew for each run
   */
  RangeBagContent(
      DomeClient client,
      BagRange range,
      BagWriter bag,
      Supplier<Patience> patience,
      Progress progress)
      throws IOException {
    this.client = client;
    this.range = range;
    this.bag = bag;
    this.patience = patience;
    this.progress = progress;
    this.records = new TakenRecords(bag, this::copy, named::add, progress);
  }

  private void copy(long from, OptionalLong before, LongConsumer end, OutputStream to) {
    client.auditRange(range.from(), range.until(), from, before, end, to);
  }

  /**
   * Takes everything. A run's rows may reach its ledger before they reach the log of the audit, so
   * the records are taken until they have all of them.
   *
   * @param withManifests whether runs that ended must have their manifests and statements, and
   *     tombstones theirs
   * @throws CliException when the time is over, or the range is too large for one bag
   */
  void take(boolean withManifests) throws IOException {
    if (records.isBrokenOff() || records.upTo() == 0) {
      records.take();
    }
    takeRuns(withManifests);
    Patience behind = patience.get();
    while (neededLogSize > records.upTo()) {
      if (!behind.await("the audit of " + range.namespace())) {
        throw new CliException(
            ExitCode.TIMEOUT,
            "the audit has not recorded all rows of the range",
            "wait for the audit to catch up, then try again");
      }
      records.take();
      takeRuns(withManifests);
    }
    TranslatedRecords.write(bag, progress);
    takeTombstones(withManifests);
    bag.write(BagFiles.ABSENT_RUNS, this::writeAbsent);
    bag.write(BagFiles.RANGE, range.bytes(records.upTo()));
  }

  private void takeRuns(boolean withManifests) throws IOException {
    if (named.areTooMany()) {
      throw new CliException(
          ExitCode.FAILED,
          "the range has more than %,d runs or %,d purges"
              .formatted(NamedByRecords.MAX_RUNS, NamedByRecords.MAX_PURGES),
          "export shorter ranges");
    }
    Progress runs = progress.another();
    absent.clear();
    int done = 0;
    for (String run : named.runs()) {
      takeRun(run, withManifests);
      runs.at("taking runs", ++done, named.runs().size());
    }
  }

  private void takeRun(String run, boolean withManifest) throws IOException {
    Draft part = bag.part(BagFiles.directoryOf(run), run);
    if (part.mark(STATE).isEmpty()) {
      String state = taken(run, part, withManifest);
      part.mark(REACHES, Long.toString(state.equals(WHOLE) ? reach(part) : 0));
      part.mark(STATE, state);
    }
    neededLogSize = Math.max(neededLogSize, part.mark(REACHES).map(Long::parseLong).orElse(0L));
    if (part.mark(STATE).orElseThrow().equals(ABSENT)) {
      Failure.unless(
          !named.hasJournalOf(run), "the audit has rows of " + run + ", which nobody else knows");
      absent.add(run);
    }
  }

  /** An access decision names what was asked for, and nobody need ever have made it. */
  private String taken(String run, Draft part, boolean withManifest) throws IOException {
    try {
      new RunBagContent(client, run, part, patience.get(), progress).take(withManifest);
      return WHOLE;
    } catch (DomeException e) {
      if (e.has(PURGED)) {
        return removed(part, GONE);
      }
      if (e.status() == 404 && !hasRows(part)) {
        return removed(part, ABSENT);
      }
      throw e;
    }
  }

  private static boolean hasRows(Draft part) throws IOException {
    return part.has(BagFiles.LEDGER) && Files.size(part.draft().resolve(BagFiles.LEDGER)) > 0;
  }

  private static String removed(Draft part, String state) throws IOException {
    Path directory = part.draft();
    if (Files.exists(directory)) {
      BagFiles.remove(directory);
    }
    return state;
  }

  private long reach(Draft part) throws IOException {
    long reached = 0;
    try (Lines lines = Lines.of(part.draft(), BagFiles.RECORDS, Progress.SILENT)) {
      for (Optional<ObjectNode> line = lines.next(); line.isPresent(); line = lines.next()) {
        JsonNode record = line.get();
        if (record.has("journal") && range.has(record.path("at").asText())) {
          reached = Math.max(reached, record.path("log_index").asLong() + 1);
        }
      }
    }
    return reached;
  }

  private void takeTombstones(boolean withStatements) throws IOException {
    int taken = 0;
    Optional<String> more = Optional.of("");
    while (more.isPresent()) {
      List<JsonNode> page = new ArrayList<>();
      more = Tombstones.page(client, more.get(), page);
      for (JsonNode listed : page) {
        if (named.explain(listed, range)) {
          unlessTooMany(++taken);
          takeTombstone(listed, withStatements);
        }
      }
    }
    if (withStatements && taken > 0) {
      RunBagContent.takeKeys(client, bag);
    }
  }

  private static void unlessTooMany(int tombstones) {
    if (tombstones > NamedByRecords.MAX_TOMBSTONES) {
      throw new CliException(
          ExitCode.FAILED,
          "the range has more than %,d tombstones".formatted(NamedByRecords.MAX_TOMBSTONES),
          "export shorter ranges");
    }
  }

  private void takeTombstone(JsonNode listed, boolean withStatement) throws IOException {
    long index = listed.path("index").asLong();
    if (!bag.has(BagFiles.tombstone(index))) {
      bag.write(BagFiles.tombstone(index), Json.write(Tombstones.whole(client, listed)));
    }
    if (withStatement && !bag.has(BagFiles.tombstoneBundle(index))) {
      bag.write(BagFiles.tombstoneBundle(index), Json.write(statement(listed)));
    }
  }

  /** What was purged a moment ago is signed when provenance looks next. */
  private JsonNode statement(JsonNode tombstone) {
    String digest = tombstone.path("digest").asText();
    String what = "the statement of tombstone " + tombstone.path("index").asText();
    Patience unsigned = patience.get();
    Optional<JsonNode> bundle = TombstoneProofs.bundle(client, digest);
    while (bundle.isEmpty()) {
      if (!unsigned.await(what)) {
        throw new CliException(
            ExitCode.TIMEOUT,
            "%s is not signed within %d s".formatted(what, unsigned.limit().toSeconds()),
            "provenance looks once a minute for what was purged: try again with a longer --wait, or"
                + " take the rest with --without-manifest");
      }
      bundle = TombstoneProofs.bundle(client, digest);
    }
    return bundle.orElseThrow();
  }

  private void writeAbsent(OutputStream file) throws IOException {
    for (String run : absent) {
      file.write(Json.write(Json.mapper().createObjectNode().put("run_id", run)));
      file.write('\n');
    }
  }
}
