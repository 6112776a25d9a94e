package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.RowFacets;
import dev.dome.verification.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Holds the audit's records against a verified ledger. A journal record is made again from its row,
 * every field of it but its place in the log; an access record is held to the rules that it must
 * follow. Records and rows stream by.
 */
final class RecordsCheck {
  private final AccessRules access;
  private final Lines records;
  private final Lines ledger;
  private long lastIndex = -1;
  private long journalRecords;
  private long accessRecords;

  private RecordsCheck(Finding.Match match, Lines records, Lines ledger) {
    this.access = AccessRules.ofRun(match.namespace(), match.runId());
    this.records = records;
    this.ledger = ledger;
  }

  /**
   * Checks every record, and that each row has one.
   *
   * @param match what the verification of the ledger gave
   * @return how many access records there are
   * @throws Failure at the first thing that does not hold
   */
  static long of(Path root, Finding.Match match, Progress progress) throws IOException {
    try (Lines records = Lines.of(root, BagFiles.RECORDS, progress);
        Lines ledger = Lines.of(root, BagFiles.LEDGER, Progress.SILENT)) {
      RecordsCheck check = new RecordsCheck(match, records, ledger);
      check.all();
      if (Files.exists(root.resolve(BagFiles.OCSF))) {
        TranslatedRecords.check(root, progress);
      }
      Failure.unless(
          check.journalRecords == match.sequence(),
          "%s holds %d of the ledger's %d rows"
              .formatted(BagFiles.RECORDS, check.journalRecords, match.sequence()));
      return check.accessRecords;
    }
  }

  private void all() throws IOException {
    Optional<ObjectNode> record = records.next();
    while (record.isPresent()) {
      check(record.get());
      record = records.next();
    }
  }

  private void check(ObjectNode record) throws IOException {
    JsonNode index = record.path("log_index");
    Failure.unless(index.isInt() || index.isLong(), records.at() + "without a log_index");
    String at = BagFiles.RECORDS + " record " + index.asLong() + ": ";
    Failure.unless(index.asLong() > lastIndex, at + "out of order");
    lastIndex = index.asLong();
    if (record.has("journal")) {
      journal(record, at);
      journalRecords++;
    } else {
      access.check(record, at);
      accessRecords++;
    }
  }

  private void journal(ObjectNode record, String at) throws IOException {
    ObjectNode row =
        ledger.next().orElseThrow(() -> new Failure(at + "the ledger has no such row"));
    long expected = row.at("/envelope/sequence").asLong();
    long sequence = record.at("/journal/sequence").asLong();
    Failure.unless(
        sequence == expected, at + "sequence expected " + expected + " but was " + sequence);
    Failure.unlessSame(at, record, recordOf(row, lastIndex));
  }

  /** What the audit makes of a row. */
  static ObjectNode recordOf(ObjectNode row, long logIndex) {
    RowFacets facets = RowFacets.of(Json.read(row, PublishedRow.class));
    ObjectNode record = Json.mapper().createObjectNode();
    record.put("log_index", logIndex).put("kind", "JOURNAL").set("namespace", row.get("namespace"));
    record.put("at", Timestamps.format(facets.atMs())).put("run_id", facets.runId().value());
    facets.actor().ifPresent(actor -> record.put("actor", actor));
    record.put("topic", facets.topic()).set("reason_codes", Json.tree(facets.reasonCodes()));
    ObjectNode journal = record.putObject("journal");
    journal.set("run_uid", row.get("run_uid"));
    journal.set("sequence", row.at("/envelope/sequence"));
    journal.set("lane", row.get("lane"));
    journal.set("lane_position", row.get("lane_position"));
    journal.set("row_kind", row.get("kind"));
    journal.set("envelope", row.get("envelope"));
    journal.set("prev_hash", row.get("prev_hash"));
    journal.set("hash", row.get("hash"));
    return record;
  }
}
