package dev.dome.system;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.util.UUID;

/** Documents the tests submit. */
final class Documents {
  private Documents() {}

  static String freshId(String stem) {
    return stem + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** A v0.2 pre-contract with a verify command. */
  static ObjectNode preContract(String packetId, String... test) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("schema_version", "xtrl.pre_contract/v0.2");
    document.put("packet_id", packetId);
    document.put("base_ref", "main");
    document.putObject("budgets").put("iteration_budget", 2).put("time_minutes", 10);
    ArrayNode argv = document.putObject("actions").putArray("test");
    for (String word : test) {
      argv.add(word);
    }
    document.putObject("plan_card").put("why", "check the suite").put("what", "do the work");
    return document;
  }

  /** A v0.2 work queue of a chain of tasks on a queue of its own. */
  static ObjectNode chain(String runId, String queue, int length) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.2");
    document.put("version", "0.2.0");
    document.put("run_id", runId);
    document.put("base_ref", "main");
    document.put("max_workers", 1);
    ArrayNode tasks = document.putArray("tasks");
    for (int i = 1; i <= length; i++) {
      ObjectNode task = tasks.addObject();
      task.put("task_id", "step-" + i);
      task.put("goal", "step " + i);
      task.put("status", "QUEUED");
      task.put("queue", queue);
      ArrayNode dependencies = task.putArray("dependencies");
      if (i > 1) {
        dependencies.add("step-" + (i - 1));
      }
    }
    return document;
  }

  /** A v0.3 work queue without tasks yet, all of which may be worked at once. */
  static ObjectNode independent(String runId) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.3").put("version", "0.3.0");
    document.put("run_id", runId).put("base_ref", "main").put("max_workers", 100);
    document.putArray("tasks");
    return document;
  }

  /** Adds a task that depends on none. */
  static ObjectNode task(ArrayNode tasks, String taskId, String queue) {
    ObjectNode task = tasks.addObject();
    task.put("task_id", taskId).put("goal", taskId).put("status", "QUEUED").put("queue", queue);
    task.putArray("dependencies");
    return task;
  }
}
