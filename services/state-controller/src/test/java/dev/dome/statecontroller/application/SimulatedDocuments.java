package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.id.RunId;
import java.util.Random;

/** Work queues of a few tasks: in a row or side by side, limited, and in a hurry. */
final class SimulatedDocuments {
  private SimulatedDocuments() {}

  static JsonNode document(RunId runId, Random random) {
    JsonNode document = Messages.chain(runId, 1 + random.nextInt(3));
    boolean sideBySide = random.nextInt(3) == 0;
    boolean database = random.nextInt(4) == 0;
    boolean paced = random.nextInt(4) == 0;
    int seconds = random.nextInt(4) == 0 ? 1 + random.nextInt(30) : 0;
    for (JsonNode node : document.get("tasks")) {
      ObjectNode task = (ObjectNode) node;
      if (sideBySide) {
        task.remove("dependencies");
      }
      if (database) {
        task.put("concurrency_key", "database");
      }
      if (paced) {
        task.putArray("rate_limits").add("api");
      }
      if (seconds > 0) {
        task.put("timeout_seconds", seconds);
      }
    }
    return document;
  }
}
