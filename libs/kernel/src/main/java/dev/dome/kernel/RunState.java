package dev.dome.kernel;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * A run as its events made it. Immutable; only {@link Kernel#evolve} makes a new one.
 *
 * @param sequence of the last journal row
 * @param deciderVersion which decider the run is pinned to
 * @param tasks in the order of the plan
 * @param maxWorkers how many of its tasks may be leased at once
 * @param deadlineAtMs epoch milliseconds, or null
 * @param reasonCode why the run was cancelled, expired or rejected, else null
 */
public record RunState(
    RunUid runUid,
    NamespaceId namespace,
    RunId runId,
    Lane lane,
    long sequence,
    int deciderVersion,
    RunStatus status,
    boolean paused,
    String submitter,
    String documentSha256,
    String baseRef,
    String traceIdHex,
    PolicySet policies,
    int maxWorkers,
    long createdAtMs,
    long changedAtMs,
    Long deadlineAtMs,
    RunId redriveOf,
    List<TaskState> tasks,
    GateDecision gate,
    PromotionDecision promotion,
    ReasonCode reasonCode) {

  public Optional<TaskState> task(TaskId id) {
    return tasks.stream().filter(t -> t.plan().taskId().equals(id)).findFirst();
  }

  /** The task whose current lease is the attempt. */
  public Optional<TaskState> taskOf(AttemptId attemptId) {
    return tasks.stream().filter(t -> attemptId.equals(t.attemptId())).findFirst();
  }

  /**
   * The tasks that may be granted now, in plan order: assigned and QUEUED, of a run that is not
   * paused, as many as max_workers leaves room for.
   */
  @JsonIgnore
  public List<TaskState> dispatchable() {
    if (paused || status.isFinal()) {
      return List.of();
    }
    long leased =
        tasks.stream()
            .filter(t -> t.status() == TaskStatus.CLAIMED || t.status() == TaskStatus.RUNNING)
            .count();
    return tasks.stream()
        .filter(t -> t.status() == TaskStatus.QUEUED && t.assigned())
        .sorted(DispatchOrder.WITHIN_RUN)
        .limit(Math.max(0, maxWorkers - leased))
        .toList();
  }

  /** SHA-256 over the canonical JSON of this state. */
  public String digest() {
    return CanonicalJson.sha256(Json.tree(this));
  }
}
