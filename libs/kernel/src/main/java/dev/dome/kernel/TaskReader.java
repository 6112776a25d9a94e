package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Labels;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads one entry of {@code tasks[]}. */
final class TaskReader {
  private static final int MAX_PRIORITY = 9;
  private static final int DEFAULT_PRIORITY = 0;
  private static final int MAX_TIMEOUT_SECONDS = 366 * 24 * 60 * 60;
  private static final int MAX_HEARTBEAT_TIMEOUT_SECONDS = 60 * 60;
  private static final String VERIFY_SUFFIX = "-verify";

  /** Stands where a document has no usable id; the error beside it refuses the whole plan. */
  private static final TaskId UNREADABLE = new TaskId("unreadable");

  private TaskReader() {}

  static PlannedTask read(DocumentReader task) {
    TaskSpecRules.check(task);
    List<String> command = task.has("command") ? CommandReader.read(task, "command") : List.of();
    Integer priority = task.integer("priority", 0, MAX_PRIORITY);
    JsonNode spec = task.has("task_spec") ? task.raw("task_spec") : null;
    return digested(
        new PlannedTask(
            taskId(task),
            task.requiredText("goal"),
            dependencies(task),
            queue(task),
            priority == null ? DEFAULT_PRIORITY : priority,
            task.integer("timeout_seconds", 1, MAX_TIMEOUT_SECONDS),
            task.integer("heartbeat_timeout_seconds", 1, MAX_HEARTBEAT_TIMEOUT_SECONDS),
            command,
            task.text("concurrency_key"),
            task.distinctTexts("breaker_keys"),
            requires(task),
            rateLimits(task),
            task.text("worker_model"),
            task.text("policy_ref"),
            spec,
            false,
            null));
  }

  /** A task of a plan that the document implies. */
  static PlannedTask simple(
      TaskId taskId, String goal, List<TaskId> dependencies, JsonNode spec, List<String> command) {
    return digested(
        new PlannedTask(
            taskId,
            goal,
            dependencies,
            Planner.DEFAULT_QUEUE,
            DEFAULT_PRIORITY,
            null,
            null,
            command,
            null,
            List.of(),
            null,
            null,
            null,
            null,
            spec,
            false,
            null));
  }

  /** The task with what follows from the rest of it: whether it verifies, and its digest. */
  private static PlannedTask digested(PlannedTask t) {
    boolean verify = t.taskId().value().endsWith(VERIFY_SUFFIX) && !t.command().isEmpty();
    PlannedTask undigested = with(t, verify, null);
    return with(t, verify, CanonicalJson.sha256(Json.tree(undigested)));
  }

  private static PlannedTask with(PlannedTask t, boolean verify, String payloadDigest) {
    return new PlannedTask(
        t.taskId(),
        t.goal(),
        t.dependencies(),
        t.queue(),
        t.priority(),
        t.timeoutSeconds(),
        t.heartbeatTimeoutSeconds(),
        t.command(),
        t.concurrencyKey(),
        t.breakerKeys(),
        t.requires(),
        t.rateLimits(),
        t.workerModel(),
        t.policyRef(),
        t.taskSpec(),
        verify,
        payloadDigest);
  }

  private static TaskId taskId(DocumentReader task) {
    String id = task.text("task_id");
    if (id == null || id.isBlank()) {
      task.error(KernelReasonCodes.PLAN_EMPTY_TASK_ID, "task_id", "expected a task id");
      return UNREADABLE;
    }
    if (!TaskId.PATTERN.matcher(id).matches()) {
      task.error(
          KernelReasonCodes.PLAN_BAD_TASK_ID, "task_id", "expected " + TaskId.PATTERN.pattern());
      return UNREADABLE;
    }
    return new TaskId(id);
  }

  private static List<TaskId> dependencies(DocumentReader task) {
    List<TaskId> ids = new ArrayList<>();
    for (DocumentReader item : task.items("dependencies")) {
      String id = item.raw().asText("");
      if (!TaskId.PATTERN.matcher(id).matches()) {
        item.error(KernelReasonCodes.PLAN_UNKNOWN_DEPENDENCY, "expected the id of another task");
      } else if (!ids.contains(new TaskId(id))) {
        ids.add(new TaskId(id));
      }
    }
    return List.copyOf(ids);
  }

  /** Null when there are none, so that a plan without labels is stored as it was before them. */
  private static Map<String, String> requires(DocumentReader task) {
    Map<String, String> labels = task.textMembers("requires");
    if (labels.size() > Labels.MAX) {
      task.error(
          KernelReasonCodes.SCHEMA_RANGE, "requires", "expected at most " + Labels.MAX + " labels");
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (!Labels.PATTERN.matcher(label.getKey()).matches()
          || !Labels.PATTERN.matcher(label.getValue()).matches()) {
        task.error(
            KernelReasonCodes.SCHEMA_PATTERN,
            "requires",
            "expected names and values of " + Labels.PATTERN.pattern());
      }
    }
    return labels.isEmpty() ? null : labels;
  }

  /** Null for none, so that tasks without rates are stored as they were before there were any. */
  private static List<String> rateLimits(DocumentReader task) {
    List<String> names = task.distinctTexts("rate_limits");
    return names.isEmpty() ? null : names;
  }

  private static QueueName queue(DocumentReader task) {
    String queue = task.text("queue");
    if (queue == null) {
      return Planner.DEFAULT_QUEUE;
    }
    if (!QueueName.PATTERN.matcher(queue).matches()) {
      task.error(
          KernelReasonCodes.SCHEMA_PATTERN, "queue", "expected " + QueueName.PATTERN.pattern());
      return Planner.DEFAULT_QUEUE;
    }
    return new QueueName(queue);
  }
}
