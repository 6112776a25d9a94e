package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The predicate of doc/predicates/tombstone.md: what was purged, without the words of whoever
 * ordered it and without the name of whoever did it. The subject's digest is of those as well.
 */
final class PurgeStatement {
  private static final List<String> FIELDS =
      List.of(
          "kind",
          "namespace",
          "run_id",
          "run_uid",
          "first_sequence",
          "last_sequence",
          "records",
          "prev_hash",
          "head_hash",
          "chained",
          "records_sha256",
          "first_at",
          "last_at",
          "retention_class",
          "days",
          "month",
          "purged_at");

  private PurgeStatement() {}

  static ObjectNode predicate(PurgedRecords purged) {
    JsonNode document =
        Json.read(purged.document().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    ObjectNode predicate = Json.mapper().createObjectNode().put("index", purged.index());
    for (String field : FIELDS) {
      if (document.hasNonNull(field)) {
        predicate.set(field, document.get(field));
      }
    }
    return predicate;
  }
}
