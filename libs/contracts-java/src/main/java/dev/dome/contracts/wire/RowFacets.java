package dev.dome.contracts.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * By what the audit finds a journal row. It follows from the row alone, so whoever has the row can
 * hold a record against it; what is recorded stays as it is, so this stays as it is too.
 *
 * @param atMs epoch milliseconds of the event itself
 * @param actor who caused it; empty for what dome derived
 * @param reasonCodes every code it names, sorted
 */
public record RowFacets(
    long atMs, RunId runId, String topic, Optional<String> actor, List<ReasonCode> reasonCodes) {

  public static RowFacets of(PublishedRow row) {
    JsonNode payload = row.envelope().payload();
    return new RowFacets(
        Timestamps.parse(row.envelope().ts()),
        row.envelope().runId(),
        row.envelope().topic(),
        Optional.ofNullable(payload.at("/context/actor/subject").textValue()),
        codes(payload));
  }

  /** Of an event it is the payload's own codes, of an input those that somebody gave. */
  private static List<ReasonCode> codes(JsonNode payload) {
    TreeSet<String> found = new TreeSet<>();
    for (JsonNode place : List.of(payload, payload.path("input"))) {
      add(found, place.path("reason_code"));
      place.path("reason_codes").forEach(code -> add(found, code));
    }
    return found.stream().map(ReasonCode::new).toList();
  }

  private static void add(TreeSet<String> found, JsonNode code) {
    if (code.isTextual() && ReasonCode.PATTERN.matcher(code.textValue()).matches()) {
      found.add(code.textValue());
    }
  }
}
