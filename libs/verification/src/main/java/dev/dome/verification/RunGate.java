package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import java.util.List;

/**
 * What a run came to, as the predicate of its run-gate statement says it (doc/predicates). From the
 * rows of its verified ledger and nothing else; free text of people and workers stays in the
 * ledger. Rows come one by one and are not kept.
 */
final class RunGate {
  private final ArrayNode tasks = Json.mapper().createArrayNode();
  private final ArrayNode approvals = Json.mapper().createArrayNode();
  private String startedAt;
  private String finishedAt;
  private JsonNode plan;
  private JsonNode gate;
  private JsonNode promotion;

  /** Takes what the next row of a ledger holds, from its first on; it was verified. */
  void add(EventEnvelope envelope) {
    startedAt = startedAt == null ? envelope.ts() : startedAt;
    finishedAt = envelope.ts();
    JsonNode payload = envelope.payload();
    switch (envelope.topic()) {
      case "plan.wave.created" -> plan = payload;
      case "task.result" -> tasks.add(task(payload));
      case "gate.verdict" -> gate = payload.required("decision");
      case "approval.recorded" ->
          approvals.add(
              chosen(payload, List.of("approver", "decision", "reason_code", "gate_digest")));
      case "promotion.decision" -> promotion = payload.required("decision");
      default -> {
        // Other topics lead to these; the head hash stands for them.
      }
    }
  }

  private static ObjectNode task(JsonNode payload) {
    JsonNode result = payload.required("result");
    ObjectNode task = chosen(result, List.of("status", "reason_code"));
    task.set("task_id", payload.required("task_id"));
    ArrayNode attempts = task.putArray("attempts");
    for (JsonNode attempt : result.path("attempt_history")) {
      attempts.add(
          chosen(
              attempt,
              List.of(
                  "attempt", "attempt_id", "status", "reason_code", "worker_id", "finished_at")));
    }
    return task;
  }

  /** The predicate of a run that ended. */
  ObjectNode predicate(Finding.Match match) {
    ObjectNode predicate = Json.mapper().createObjectNode();
    predicate
        .putObject("run")
        .put("namespace", match.namespace().value())
        .put("run_id", match.runId().value())
        .put("run_uid", match.runUid().value())
        .put("status", match.status())
        .put("started_at", startedAt)
        .put("finished_at", finishedAt);
    predicate
        .putObject("journal")
        .put("sequence", match.sequence())
        .put("head_hash", match.headHash());
    predicate.set("tasks", tasks);
    if (gate != null) {
      predicate.set("gate", gate());
    }
    if (promotion != null) {
      ObjectNode decided = chosen(promotion, List.of("decision", "reason_codes"));
      decided.set("approvals", approvals);
      predicate.set("promotion", decided);
    }
    return predicate;
  }

  private ObjectNode gate() {
    ObjectNode verdict = chosen(gate, List.of("status", "reason_codes"));
    JsonNode policies = plan.required("policies");
    verdict
        .putObject("policy")
        .put("version", policies.required("version").asText())
        .put("sha256", plan.required("policy_digest").asText());
    ArrayNode rules = verdict.putArray("rules");
    JsonNode bounds = policies.path("gate");
    rule(rules, "risk_score", gate.path("risk_score"), bounds.path("risk_threshold"), true);
    rule(
        rules,
        "confidence",
        gate.path("confidence"),
        bounds.path("promotion_min_confidence"),
        false);
    return verdict;
  }

  /** A bound that the policies set: a risk stays below its own, a confidence reaches it. */
  private static void rule(
      ArrayNode rules, String id, JsonNode observed, JsonNode threshold, boolean isMaximum) {
    if (observed.isNumber() && threshold.isNumber()) {
      int order = observed.decimalValue().compareTo(threshold.decimalValue());
      ObjectNode rule = rules.addObject().put("id", id);
      rule.set("observed", observed);
      rule.set("threshold", threshold);
      rule.put("result", (isMaximum ? order < 0 : order >= 0) ? "PASS" : "FAIL");
    }
  }

  private static ObjectNode chosen(JsonNode from, List<String> fields) {
    ObjectNode chosen = Json.mapper().createObjectNode();
    for (String field : fields) {
      if (from.hasNonNull(field)) {
        chosen.set(field, from.get(field));
      }
    }
    return chosen;
  }
}
