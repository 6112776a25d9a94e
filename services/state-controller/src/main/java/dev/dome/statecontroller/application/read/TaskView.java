package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.PlannedTask;
import dev.dome.kernel.TaskState;
import dev.dome.statecontroller.application.read.RunReads.LeaseRecord;
import java.util.List;

/**
 * A task as the API shows it. Times are RFC 3339 UTC.
 *
 * @param assigned whether a QUEUED task may be claimed now
 * @param attempt the current or next attempt, from 1
 * @param attemptId with workerId and leaseExpiresAt while a worker holds the task
 * @param retryDueAt while a delay runs before the next attempt
 * @param progress what the worker last said of a task it holds
 * @param result how the task was settled
 * @param history finished attempts, oldest first
 */
public record TaskView(
    String taskId,
    String goal,
    String status,
    boolean assigned,
    List<String> dependencies,
    String queue,
    int priority,
    Integer timeoutSeconds,
    Integer heartbeatTimeoutSeconds,
    List<String> command,
    int attempt,
    String attemptId,
    String workerId,
    String leaseExpiresAt,
    JsonNode progress,
    String retryDueAt,
    String reasonCode,
    JsonNode result,
    List<JsonNode> history) {

  /**
   * The task of a row.
   *
   * @param lease of its current attempt, or null
   */
  public static TaskView of(TaskState task, LeaseRecord lease) {
    PlannedTask plan = task.plan();
    String attemptId = task.attemptId() == null ? null : task.attemptId().value();
    return new TaskView(
        plan.taskId().value(),
        plan.goal(),
        task.status().name(),
        task.assigned(),
        plan.dependencies().stream().map(TaskId::value).toList(),
        plan.queue().value(),
        plan.priority(),
        plan.timeoutSeconds(),
        plan.heartbeatTimeoutSeconds(),
        plan.command(),
        task.attempt(),
        attemptId,
        task.workerId(),
        lease == null ? null : Timestamps.format(lease.expiresAtMs()),
        lease == null || lease.progress() == null ? null : JsonText.tree(lease.progress()),
        task.retryDueAtMs() == null ? null : Timestamps.format(task.retryDueAtMs()),
        task.reasonCode() == null ? null : task.reasonCode().value(),
        task.result() == null ? null : Json.tree(task.result()),
        task.history().stream().map(Json::tree).toList());
  }
}
