package dev.dome.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.util.List;

/** Documents that tests submit. */
final class Documents {
  private Documents() {}

  static JsonNode parse(String json) {
    try {
      return Json.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static ObjectNode preContract(String packetId) {
    return (ObjectNode)
        parse(
            """
            {"schema_version": "xtrl.pre_contract/v0.2", "packet_id": "%s", "base_ref": "main",
             "budgets": {"iteration_budget": 2, "time_minutes": 30},
             "actions": {"test": ["make", "check"]},
             "plan_card": {"why": "Payments time out", "what": "Add a retry"}}
            """
                .formatted(packetId));
  }

  /** A work queue of the given tasks. */
  static ObjectNode workQueue(String runId, int maxWorkers, Task... tasks) {
    ObjectNode queue =
        (ObjectNode)
            parse(
                """
                {"artifact_kind": "dome.work.queue/v0.2", "version": "0.2.0", "run_id": "%s",
                 "base_ref": "main", "max_workers": %d}
                """
                    .formatted(runId, maxWorkers));
    ArrayNode array = queue.putArray("tasks");
    for (Task task : tasks) {
      ObjectNode node = array.addObject();
      node.put("task_id", task.id());
      node.put("goal", "Do " + task.id());
      node.put("status", "QUEUED");
      ArrayNode dependencies = node.putArray("dependencies");
      task.dependencies().forEach(dependencies::add);
      if (task.queue() != null) {
        node.put("queue", task.queue());
      }
      if (task.timeoutSeconds() != null) {
        node.put("timeout_seconds", task.timeoutSeconds());
      }
      if (!task.breakerKeys().isEmpty()) {
        ArrayNode keys = node.putArray("breaker_keys");
        task.breakerKeys().forEach(keys::add);
      }
      if (task.concurrencyKey() != null) {
        node.put("concurrency_key", task.concurrencyKey());
      }
      if (!task.rateLimits().isEmpty()) {
        ArrayNode rates = node.putArray("rate_limits");
        task.rateLimits().forEach(rates::add);
      }
    }
    return queue;
  }

  static Task task(String id, String... dependencies) {
    return new Task(id, List.of(dependencies), null, null, List.of(), null, List.of());
  }

  record Task(
      String id,
      List<String> dependencies,
      String queue,
      Integer timeoutSeconds,
      List<String> breakerKeys,
      String concurrencyKey,
      List<String> rateLimits) {
    Task in(String otherQueue) {
      return new Task(
          id, dependencies, otherQueue, timeoutSeconds, breakerKeys, concurrencyKey, rateLimits);
    }

    Task within(int seconds) {
      return new Task(id, dependencies, queue, seconds, breakerKeys, concurrencyKey, rateLimits);
    }

    Task guardedBy(String... keys) {
      return new Task(
          id, dependencies, queue, timeoutSeconds, List.of(keys), concurrencyKey, rateLimits);
    }

    Task oneAtATime(String key) {
      return new Task(id, dependencies, queue, timeoutSeconds, breakerKeys, key, rateLimits);
    }

    Task paced(String... rates) {
      return new Task(
          id, dependencies, queue, timeoutSeconds, breakerKeys, concurrencyKey, List.of(rates));
    }
  }
}
