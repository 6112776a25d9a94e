package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.TaskId;
import java.util.ArrayList;
import java.util.List;

/** Turns a submitted document into a plan, or says everything that is wrong with it. */
final class Planner {
  static final int MAX_TASKS = 10_000;
  static final int MAX_DEPENDENCIES = 100_000;
  static final QueueName DEFAULT_QUEUE = new QueueName("default");

  private static final int DEFAULT_MAX_WORKERS = 2;
  private static final int MAX_WORKERS_LIMIT = 1_000_000;

  /** They go along with every grant. */
  private static final int MAX_CONSTRAINTS_BYTES = 64 * 1024;

  private static final int MAX_TIME_MINUTES = 10 * 366 * 24 * 60;

  private Planner() {}

  /** A plan, or at least one error. */
  record Planned(Plan plan, List<FieldError> errors) {}

  static Planned plan(Input.SubmitRun submission) {
    DocumentReader document = DocumentReader.of(submission.document());
    Plan plan =
        switch (submission.sourceKind()) {
          case PRE_CONTRACT -> ofPreContract(document, submission);
          case WORK_QUEUE -> ofWorkQueue(document, submission);
        };
    return new Planned(plan, List.copyOf(document.errors()));
  }

  private static Plan ofPreContract(DocumentReader document, Input.SubmitRun submission) {
    String packetId = document.requiredText("packet_id");
    checkRunId(document, "packet_id", packetId, submission);
    checkConstraints(document, submission.constraints());
    TaskSpecRules.check(document);
    DocumentReader budgets = document.object("budgets");
    Integer iterations = budgets.integer("iteration_budget", 0, Integer.MAX_VALUE);
    int maxWorkers =
        iterations == null
            ? DEFAULT_MAX_WORKERS
            : Math.min(Math.max(1, iterations), MAX_WORKERS_LIMIT);
    List<PlannedTask> tasks =
        document.has("tasks") ? tasks(document) : packetTasks(document, packetId);
    return new Plan(
        ContractVersion.ofName(document.requiredText("schema_version")),
        document.requiredText("base_ref"),
        maxWorkers,
        budgets.integer("time_minutes", 1, MAX_TIME_MINUTES),
        tasks);
  }

  private static Plan ofWorkQueue(DocumentReader document, Input.SubmitRun submission) {
    checkRunId(document, "run_id", document.requiredText("run_id"), submission);
    Integer maxWorkers = document.integer("max_workers", 1, MAX_WORKERS_LIMIT);
    return new Plan(
        ContractVersion.ofName(document.requiredText("artifact_kind")),
        document.requiredText("base_ref"),
        maxWorkers == null ? DEFAULT_MAX_WORKERS : maxWorkers,
        document.object("budgets").integer("time_minutes", 1, MAX_TIME_MINUTES),
        tasks(document));
  }

  private static void checkConstraints(DocumentReader document, JsonNode constraints) {
    if (constraints != null && CanonicalJson.bytes(constraints).length > MAX_CONSTRAINTS_BYTES) {
      document.error(
          KernelReasonCodes.REQUEST_LIMIT_EXCEEDED,
          "constraints",
          "expected at most " + MAX_CONSTRAINTS_BYTES + " bytes of constraints");
    }
  }

  /** A redrive runs an old document under a new id; everything else runs under its own. */
  private static void checkRunId(
      DocumentReader document, String field, String documentId, Input.SubmitRun submission) {
    if (submission.redriveOf() == null && !documentId.equals(submission.runId().value())) {
      document.error(
          KernelReasonCodes.PLAN_BAD_RUN_ID, field, "expected " + submission.runId() + " here");
    }
  }

  /** The tasks every v0.2 pre-contract stands for. */
  private static List<PlannedTask> packetTasks(DocumentReader document, String packetId) {
    if (!TaskId.PATTERN.matcher(packetId + "-implement").matches()) {
      document.error(
          KernelReasonCodes.PLAN_BAD_RUN_ID, "packet_id", "expected an id that task ids can have");
      return List.of();
    }
    TaskId plan = new TaskId(packetId + "-plan");
    TaskId implement = new TaskId(packetId + "-implement");
    DocumentReader card = document.object("plan_card");
    JsonNode spec = document.has("task_spec") ? document.raw("task_spec") : null;
    List<PlannedTask> tasks = new ArrayList<>();
    tasks.add(
        TaskReader.simple(
            plan, "Plan execution scope: " + card.requiredText("why"), List.of(), null, List.of()));
    tasks.add(
        TaskReader.simple(implement, card.requiredText("what"), List.of(plan), spec, List.of()));
    DocumentReader actions = document.object("actions");
    if (actions.has("test")) {
      List<String> command = CommandReader.read(actions, "test");
      tasks.add(
          TaskReader.simple(
              new TaskId(packetId + "-verify"),
              "Verify with: " + String.join(" ", command),
              List.of(implement),
              null,
              command));
    }
    return List.copyOf(tasks);
  }

  private static List<PlannedTask> tasks(DocumentReader document) {
    int count = document.raw("tasks").size();
    if (count == 0) {
      document.error(KernelReasonCodes.PLAN_NO_TASKS, "tasks", "expected at least one task");
      return List.of();
    }
    if (count > MAX_TASKS) {
      document.error(
          KernelReasonCodes.REQUEST_LIMIT_EXCEEDED,
          "tasks",
          "expected at most " + MAX_TASKS + " tasks but were " + count);
      return List.of();
    }
    List<DocumentReader> items = document.items("tasks");
    List<PlannedTask> tasks = items.stream().map(TaskReader::read).toList();
    if (document.errors().isEmpty()) {
      PlanGraph.check(document, tasks);
    }
    return tasks;
  }
}
