package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code state.space} artifact (v0.2) of a run: its tasks as work items, each with what it
 * needs, what it provides, the evidence bundle of its result and how it was gated.
 *
 * @param memory what was said of the run's results: the notes of each task that has some, with the
 *     result they stand in
 * @param taskPreferences the worker model each task was planned for, where it names one
 */
public record StateSpaceView(
    String version,
    List<Claim> memory,
    Map<String, String> taskPreferences,
    List<WorkItem> workItems) {
  public static final String VERSION = "0.2.0";

  private static final SchemaCatalog SCHEMAS = SchemaCatalog.standard();

  /** What a result says of itself; id is the task's. */
  public record Claim(String id, String claim, Provenance provenance) {

    static Claim of(RunState state, TaskState task) {
      TaskResult result = task.result();
      return new Claim(
          task.plan().taskId().value(),
          result.notes(),
          new Provenance(
              state.runId().value(),
              task.attempt(),
              result.status().name(),
              CanonicalJson.sha256(Json.tree(result))));
    }
  }

  /**
   * Where a claim comes from.
   *
   * @param taskResultSha256 as the run's manifest names it
   */
  public record Provenance(String runId, int attempt, String status, String taskResultSha256) {}

  /** One task. */
  public record WorkItem(
      String workId, String status, Node node, JsonNode telemetry, ItemGate gate) {}

  /**
   * Where the task stands in the plan.
   *
   * @param reqs what must be there before: the results of its dependencies
   * @param deps its dependencies
   * @param provs what it gives
   * @param asserts what holds once it is done
   */
  public record Node(
      List<String> reqs,
      List<String> deps,
      List<String> provs,
      @JsonProperty("assert") List<String> asserts) {}

  /** DONE or BLOCKED, and why. */
  public record ItemGate(String status, String reasonCode, String notes) {}

  public static StateSpaceView of(RunState state) {
    Map<String, String> preferences = new TreeMap<>();
    for (TaskState task : state.tasks()) {
      if (task.plan().workerModel() != null) {
        preferences.put(task.plan().taskId().value(), task.plan().workerModel());
      }
    }
    return new StateSpaceView(
        VERSION,
        state.tasks().stream()
            .filter(task -> task.result() != null && task.result().notes() != null)
            .map(task -> Claim.of(state, task))
            .toList(),
        preferences,
        state.tasks().stream().map(StateSpaceView::workItem).toList());
  }

  private static WorkItem workItem(TaskState task) {
    String id = task.plan().taskId().value();
    List<String> dependencies = task.plan().dependencies().stream().map(TaskId::value).toList();
    return new WorkItem(
        id,
        task.status().name(),
        new Node(
            dependencies.stream().map(d -> d + ":PASS").toList(),
            dependencies,
            List.of(id + ":PASS"),
            List.of(task.plan().goal())),
        evidence(task.result()),
        gate(task));
  }

  /** The bundle, or the first of a list. Evidence that is none has no place in a state space. */
  private static JsonNode evidence(TaskResult result) {
    if (result == null || result.evidence() == null) {
      return null;
    }
    JsonNode evidence = result.evidence();
    for (JsonNode bundle : evidence.isArray() ? evidence : List.of(evidence)) {
      if (SCHEMAS.validate(SchemaNames.EVIDENCE_BUNDLE_TELEMETRY, bundle).isEmpty()) {
        return bundle;
      }
    }
    return null;
  }

  private static ItemGate gate(TaskState task) {
    return switch (task.status()) {
      case DONE -> new ItemGate("DONE", null, notes(task));
      case BLOCKED ->
          new ItemGate(
              "BLOCKED", task.reasonCode() == null ? null : task.reasonCode().value(), notes(task));
      case QUEUED, CLAIMED, RUNNING, GATED -> null;
    };
  }

  private static String notes(TaskState task) {
    return task.result() == null ? null : task.result().notes();
  }
}
