package dev.dome.kernel;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.BreakerKey;
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
 * @param contractVersion which generation of documents the submission was of
 * @param changedAtMs when an event last changed more than the sequence
 * @param deadlineAtMs epoch milliseconds at which the run expires, or null: the time budget while
 *     tasks are open, then the time for a human to answer
 * @param reasonCode why the run was cancelled, expired or rejected, else null
 * @param earlierSubmitters who asked for the runs that this one redrives, null when there is none
 * @param breakers those that guard its tasks and are not closed, by key; null when all are closed
 * @param constraints what the commands of its tasks may change, or null
 */
public record RunState(
    RunUid runUid,
    NamespaceId namespace,
    RunId runId,
    Lane lane,
    long sequence,
    int deciderVersion,
    ContractVersion contractVersion,
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
    ReasonCode reasonCode,
    List<String> earlierSubmitters,
    List<BreakerSnapshot> breakers,
    JsonNode constraints) {

  public RunState {
    tasks = TaskList.of(tasks);
  }

  /** Whether the subject asked for this run or for one that it redrives. */
  boolean submittedBy(String subject) {
    return subject.equals(submitter)
        || (earlierSubmitters != null && earlierSubmitters.contains(subject));
  }

  public Optional<TaskState> task(TaskId id) {
    int index = ((TaskList) tasks).indexOf(id);
    return index < 0 ? Optional.empty() : Optional.of(tasks.get(index));
  }

  /** The task whose current lease is the attempt. */
  public Optional<TaskState> taskOf(AttemptId attemptId) {
    return tasks.stream().filter(t -> attemptId.equals(t.attemptId())).findFirst();
  }

  /**
   * The tasks that may be granted now, in dispatch order: assigned and QUEUED, held by no open
   * breaker, of a run that is not paused and has fewer leased tasks than max_workers. Each grant
   * takes one of that room, so ask again after each; a task of a queue nobody works on never hides
   * one of another queue.
   */
  @JsonIgnore
  public List<TaskState> dispatchable() {
    if (paused || status.isFinal() || leasedCount() >= maxWorkers) {
      return List.of();
    }
    return ((TaskList) tasks).inDispatchOrder().filter(this::isReady).toList();
  }

  /** Whether the task is one of {@link #dispatchable}. */
  public boolean mayGrant(TaskId id) {
    return !paused
        && !status.isFinal()
        && task(id).filter(this::isReady).isPresent()
        && leasedCount() < maxWorkers;
  }

  private boolean isReady(TaskState task) {
    return task.isAssignedAndQueued() && guardsOf(task.plan(), BreakerPhase.OPEN).isEmpty();
  }

  /** How long a lease on the task lasts without a sign of life, in milliseconds. */
  public long leaseTermMs(PlannedTask task) {
    return task.heartbeatTimeoutSeconds() == null
        ? policies.lease().termMs()
        : task.heartbeatTimeoutSeconds() * 1_000L;
  }

  /** The breakers in a phase that guard a task, by key. */
  public List<BreakerSnapshot> guardsOf(PlannedTask task, BreakerPhase phase) {
    if (breakers == null) {
      return List.of();
    }
    List<BreakerKey> guards = task.guards();
    return breakers.stream().filter(b -> b.phase() == phase && guards.contains(b.key())).toList();
  }

  /** The breaker as the run knows it; empty when it is closed or guards none of its tasks. */
  public Optional<BreakerSnapshot> breaker(BreakerKey key) {
    return breakers == null
        ? Optional.empty()
        : breakers.stream().filter(b -> b.key().equals(key)).findFirst();
  }

  /** How many tasks a worker holds now. */
  long leasedCount() {
    return tasks.stream().filter(TaskState::isLeased).count();
  }

  /** SHA-256 over the canonical JSON of this state. */
  public String digest() {
    ObjectNode tree = (ObjectNode) Json.tree(withoutTasks());
    tree.putPOJO("tasks", ((TaskList) tasks).canonical());
    return CanonicalJson.sha256(tree);
  }

  private RunState withoutTasks() {
    return new RunState(
        runUid,
        namespace,
        runId,
        lane,
        sequence,
        deciderVersion,
        contractVersion,
        status,
        paused,
        submitter,
        documentSha256,
        baseRef,
        traceIdHex,
        policies,
        maxWorkers,
        createdAtMs,
        changedAtMs,
        deadlineAtMs,
        redriveOf,
        List.of(),
        gate,
        promotion,
        reasonCode,
        earlierSubmitters,
        breakers,
        constraints);
  }
}
