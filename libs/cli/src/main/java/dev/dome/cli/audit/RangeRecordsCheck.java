package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.verification.Tombstone;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the records of a range to it, to their order, to the runs that lie beside them, to the
 * tombstones of those that do not, and to the rules that decisions and acts follow. They stream by.
 */
final class RangeRecordsCheck {
  private static final List<String> OF_A_ROW =
      List.of("run_uid", "lane", "lane_position", "envelope", "prev_hash", "hash");

  private final Path root;
  private final BagRange.Said said;
  private final Map<String, RangeRun> runs;
  private final BagTombstones tombstones;
  private final AccessRules access;
  private final ActRules acts;
  private final NamedByRecords named = new NamedByRecords();
  private long lastIndex = -1;
  private long journalRecords;
  private long accessRecords;
  private long actRecords;

  RangeRecordsCheck(
      Path root, BagRange.Said said, Map<String, RangeRun> runs, BagTombstones tombstones) {
    this.root = root;
    this.said = said;
    this.runs = runs;
    this.tombstones = tombstones;
    this.access = AccessRules.ofNamespace(said.range().namespace());
    this.acts = new ActRules(tombstones.digests());
  }

  /**
   * How many there are.
   *
   * @param named what they name
   */
  record Counted(long journal, long access, long acts, NamedByRecords named) {}

  /**
   * Checks every record.
   *
   * @throws Failure at the first thing that does not hold
   */
  Counted all(Progress progress) throws IOException {
    try (Lines records = Lines.of(root, BagFiles.RECORDS, progress)) {
      Optional<ObjectNode> record = records.next();
      while (record.isPresent()) {
        check(record.get(), records.at());
        record = records.next();
      }
    }
    for (RangeRun run : runs.values()) {
      run.check(root);
    }
    return new Counted(journalRecords, accessRecords, actRecords, named);
  }

  private void check(ObjectNode record, String line) throws IOException {
    JsonNode index = record.path("log_index");
    Failure.unless(index.isInt() || index.isLong(), line + "without a log_index");
    String at = BagFiles.RECORDS + " record " + index.asLong() + ": ";
    Failure.unless(
        index.asLong() > lastIndex && index.asLong() < said.logSize(), at + "out of order");
    lastIndex = index.asLong();
    Failure.unless(
        record.path("namespace").asText().equals(said.range().namespace().value()),
        at + "of another namespace");
    Failure.unless(isInRange(record), at + "out of the range");
    named.add(record);
    if (record.has("journal")) {
      journal(record, at);
    } else if (record.has("admin")) {
      acts.check(record, at);
      actRecords++;
    } else {
      access.check(record, at);
      accessRecords++;
    }
    if (record.hasNonNull("run_id") && runs.containsKey(record.path("run_id").asText())) {
      runs.get(record.path("run_id").asText()).add(record);
    }
  }

  private boolean isInRange(ObjectNode record) {
    try {
      String at = record.path("at").asText();
      return said.range().has(at) && Timestamps.format(Timestamps.parse(at)).equals(at);
    } catch (DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  private void journal(ObjectNode record, String at) throws IOException {
    journalRecords++;
    String run = record.path("run_id").asText();
    if (runs.containsKey(run)) {
      return;
    }
    Failure.unless(
        tombstones.hasOneOf(run),
        Failure.MISSING,
        at + BagFiles.directoryOf(run) + " is missing, and no tombstone is of it");
    ofPurged(record, at);
    String hash = record.at("/journal/hash").asText();
    for (Tombstone tombstone : tombstones.of(run)) {
      Optional<String> left =
          tombstone.runUid().equals(record.at("/journal/run_uid").asText())
              ? tombstone.hashOf(record.at("/journal/sequence").asLong())
              : Optional.empty();
      Failure.unless(
          left.isEmpty() || left.get().equals(hash),
          at + "another row than tombstone " + tombstone.index() + " says");
    }
  }

  /** Without its ledger a row has its own hash, and makes the record. */
  private static void ofPurged(ObjectNode record, String at) {
    JsonNode journal = record.path("journal");
    ObjectNode row = Json.mapper().createObjectNode();
    row.set("namespace", record.path("namespace"));
    row.set("kind", journal.path("row_kind"));
    OF_A_ROW.forEach(field -> row.set(field, journal.path(field)));
    ObjectNode hashed = row.deepCopy();
    hashed.remove("hash");
    hashed.put("lane_position", journal.path("lane_position").asText());
    Failure.unless(
        CanonicalJson.sha256(hashed).equals(journal.path("hash").asText()),
        at + "the hash is not of the row");
    try {
      Failure.unlessSame(at, record, RecordsCheck.recordOf(row, record.path("log_index").asLong()));
    } catch (IllegalArgumentException e) {
      throw new Failure(at + "no row of a journal");
    }
  }
}
