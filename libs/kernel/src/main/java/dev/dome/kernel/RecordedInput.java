package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;

/** An input with everything outside it that its decision used: the payload of an INPUT row. */
public record RecordedInput(Input input, Context context) {

  /**
   * The input of a stored INPUT row.
   *
   * @throws IllegalArgumentException for a topic or payload that no released version wrote
   */
  public static RecordedInput read(EventEnvelope envelope) {
    JsonNode payload = envelope.payload();
    Class<? extends Input> type = InputTopic.typeOf(envelope.topic());
    return new RecordedInput(
        Json.read(payload.path("input"), type), Json.read(payload.path("context"), Context.class));
  }

  /** The payload to store. */
  JsonNode payload() {
    ObjectNode payload = Json.mapper().createObjectNode();
    payload.set("input", Json.tree(input));
    payload.set("context", Json.tree(context));
    return payload;
  }
}
