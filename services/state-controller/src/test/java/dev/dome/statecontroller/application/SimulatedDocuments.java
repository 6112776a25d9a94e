package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Work queues of a few tasks, in a row or side by side, limited, and in a hurry; and the limits
 * they meet.
 */
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

  /** Each of them is there in some lives. */
  static List<TaskLimit> limits(NamespaceId namespace, Random random) {
    List<TaskLimit> all = new ArrayList<>();
    if (random.nextInt(3) != 0) {
      all.add(limit(namespace, "key:database", 1 + random.nextInt(3), null));
    }
    if (random.nextBoolean()) {
      Rate rate = random.nextBoolean() ? null : new Rate(5, 1, 1 + random.nextInt(3));
      all.add(limit(namespace, "queue:default", 3 + random.nextInt(4), rate));
    }
    if (random.nextInt(3) != 0) {
      Rate rate = new Rate(1, 1 + random.nextInt(3), 1 + random.nextInt(3));
      all.add(limit(namespace, "rate:api", null, rate));
    }
    return all;
  }

  private static TaskLimit limit(NamespaceId namespace, String name, Integer slots, Rate rate) {
    return new TaskLimit(namespace, new LimitName(name), slots, rate);
  }
}
