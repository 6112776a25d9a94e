package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.DispatchOrder;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.Map;

/**
 * A task that waits for a worker, as the ready index holds it.
 *
 * @param requires the labels that its worker must have, empty when any may have it
 */
public record ReadyTask(
    Lane lane,
    RunUid runUid,
    TaskId taskId,
    NamespaceId namespace,
    QueueName queue,
    Map<String, String> requires,
    DispatchOrder.Candidate order) {

  static ReadyTask of(RunState run, TaskState task) {
    return of(
        run.lane(),
        run.runUid(),
        task.plan().taskId(),
        run.namespace(),
        task.plan().queue(),
        task.plan().requires(),
        task.plan().priority(),
        run.createdAtMs(),
        task.plan().payloadDigest());
  }

  /**
   * For a store that has the parts.
   *
   * @param requires null when the plan names no label
   */
  public static ReadyTask of(
      Lane lane,
      RunUid runUid,
      TaskId taskId,
      NamespaceId namespace,
      QueueName queue,
      Map<String, String> requires,
      int priority,
      long runCreatedAtMs,
      String payloadDigest) {
    return new ReadyTask(
        lane,
        runUid,
        taskId,
        namespace,
        queue,
        requires == null ? Map.of() : Map.copyOf(requires),
        new DispatchOrder.Candidate(
            priority, runCreatedAtMs, payloadDigest, taskId.value(), runUid.value()));
  }

  QueueKey key() {
    return new QueueKey(namespace, queue);
  }
}
