package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.Problem;
import java.util.Map;

/**
 * An answer.
 *
 * @param status 0 drops the connection instead
 * @param body null for none
 */
record Reply(int status, JsonNode body, Map<String, String> headers) {
  static final Reply NOTHING = new Reply(204, null, Map.of());
  static final Reply LOST = new Reply(0, null, Map.of());

  static Reply of(int status, JsonNode body) {
    return new Reply(status, body, Map.of("Content-Type", "application/json"));
  }

  static Reply problem(int status, String reasonCode) {
    return new Reply(
        status, problemBody(status, reasonCode), Map.of("Content-Type", Problem.MEDIA_TYPE));
  }

  static ObjectNode problemBody(int status, String reasonCode) {
    return Json.mapper()
        .createObjectNode()
        .put("type", "https://dome.local/reason-codes/" + reasonCode)
        .put("title", "Refused by the conformance suite")
        .put("status", status)
        .put("reason_code", reasonCode)
        .put("retryable", status == 429 || status >= 500);
  }
}
