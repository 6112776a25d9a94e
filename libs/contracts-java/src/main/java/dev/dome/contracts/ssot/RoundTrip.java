package dev.dome.contracts.ssot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.StrictJson;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a document comes out of dome as it went in. */
final class RoundTrip {
  /** The artifacts that dome reads into a record and writes again. */
  private static final Map<String, Class<?>> RECORDS =
      Map.of(
          SchemaNames.TASK_RESULT, TaskResult.class,
          SchemaNames.EVENT_ENVELOPE, EventEnvelope.class,
          SchemaNames.CONTROL_EVENT, EventEnvelope.class,
          SchemaNames.GATE_DECISION, GateDecision.class,
          SchemaNames.PROMOTION_DECISION, PromotionDecision.class);

  private RoundTrip() {}

  /** One sentence per difference. */
  static List<String> differences(String schema, JsonNode tree) {
    List<String> differences = new ArrayList<>();
    String canonical = CanonicalJson.text(tree);
    boolean stable =
        StrictJson.parse(CanonicalJson.bytes(tree)) instanceof StrictJson.Result.Parsed parsed
            && CanonicalJson.text(parsed.tree()).equals(canonical);
    if (!stable) {
      differences.add("expected the canonical form to read back as itself");
    }
    Class<?> type = RECORDS.get(schema);
    if (type != null && !canonical.equals(throughRecord(tree, type))) {
      differences.add("expected the same document after reading it as " + type.getSimpleName());
    }
    return differences;
  }

  private static String throughRecord(JsonNode tree, Class<?> type) {
    try {
      return CanonicalJson.text(Json.tree(Json.read(tree, type)));
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}
