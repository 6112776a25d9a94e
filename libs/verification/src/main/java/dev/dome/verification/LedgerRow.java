package dev.dome.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** One line of a ledger: a row, or why it is none. */
sealed interface LedgerRow {
  /** A name that stands twice means one thing to this reader and another to the next. */
  ObjectReader READER =
      Json.mapper().readerFor(JsonNode.class).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  List<String> FIELDS =
      List.of(
          "run_uid", "namespace", "lane", "lane_position", "kind", "envelope", "prev_hash", "hash");
  List<String> ENVELOPE_FIELDS =
      List.of("schema_version", "sequence", "event_id", "ts", "topic", "run_id", "payload");

  record Row(JournalRow row) implements LedgerRow {}

  record NoRow(String why) implements LedgerRow {
    Finding.Difference at(long sequence) {
      return new Finding.Difference(sequence, "row", why, "a journal row");
    }
  }

  /** Gives each line of a ledger, in UTF-8, to a reader until that wants no more. */
  static void each(InputStream jsonLines, Predicate<LedgerRow> reader) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(jsonLines, StandardCharsets.UTF_8));
    String line = lines.readLine();
    while (line != null && reader.test(parse(line))) {
      line = lines.readLine();
    }
  }

  static LedgerRow parse(String line) {
    try {
      return of(READER.readTree(line));
    } catch (JsonProcessingException e) {
      return new NoRow("no JSON object: " + e.getOriginalMessage());
    }
  }

  /** A row that was read by its type: what its hash is taken of, it has. */
  static LedgerRow of(PublishedRow row) {
    return new Row(
        new JournalRow(
            row.runUid(),
            row.namespace(),
            row.lane(),
            row.lanePosition(),
            switch (row.kind()) {
              case INPUT -> JournalEntry.Kind.INPUT;
              case EVENT -> JournalEntry.Kind.EVENT;
            },
            row.envelope(),
            row.prevHash(),
            row.hash()));
  }

  static LedgerRow of(JsonNode tree) {
    for (String field : FIELDS) {
      if (!tree.hasNonNull(field)) {
        return new NoRow("without " + field);
      }
    }
    for (String field : ENVELOPE_FIELDS) {
      if (!tree.get("envelope").has(field)) {
        return new NoRow("without envelope/" + field);
      }
    }
    try {
      JournalRow row = Json.read(tree, JournalRow.class);
      // A number that was rounded to fit, or one without a canonical form, was never hashed.
      return CanonicalJson.text(tree).equals(CanonicalJson.text(Json.tree(row)))
          ? new Row(row)
          : new NoRow("not in the form it was hashed in");
    } catch (IllegalArgumentException e) {
      return new NoRow(e.getMessage());
    }
  }
}
