package dev.dome.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.kernel.JournalRow;
import java.util.List;

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

  static LedgerRow parse(String line) {
    try {
      return of(READER.readTree(line));
    } catch (JsonProcessingException e) {
      return new NoRow("no JSON object: " + e.getOriginalMessage());
    }
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
