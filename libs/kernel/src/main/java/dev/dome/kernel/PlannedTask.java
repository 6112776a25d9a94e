package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One node of a plan.
 *
 * @param command an argument vector, or empty when the task runs none
 * @param priority 0..9, 9 first
 * @param timeoutSeconds null when the task has no limit of its own
 * @param heartbeatTimeoutSeconds how long a lease on the task lasts without a sign of life, null
 *     for the term of the policies
 * @param requires labels that the worker of the task must have, null when any may work it
 * @param verify whether a failure of this task's command is a verification failure for the gate
 * @param rateLimits names of rates that a grant of the task counts for, null when there are none
 * @param payloadDigest SHA-256 over the canonical JSON of the task as planned; breaks ties in
 *     dispatch
 */
public record PlannedTask(
    TaskId taskId,
    String goal,
    List<TaskId> dependencies,
    QueueName queue,
    int priority,
    Integer timeoutSeconds,
    Integer heartbeatTimeoutSeconds,
    List<String> command,
    String concurrencyKey,
    List<String> breakerKeys,
    Map<String, String> requires,
    List<String> rateLimits,
    String workerModel,
    String policyRef,
    JsonNode taskSpec,
    boolean verify,
    String payloadDigest) {

  /** The breakers that guard the task: its queue's, then those of the keys it names. */
  public List<BreakerKey> guards() {
    List<BreakerKey> guards = new ArrayList<>(1 + breakerKeys.size());
    guards.add(BreakerKey.ofQueue(queue));
    breakerKeys.forEach(key -> guards.add(BreakerKey.ofKey(key)));
    return guards;
  }

  /** The limits the task comes under where the namespace has them: key, queue, then rates. */
  public List<LimitName> limits() {
    List<LimitName> limits = new ArrayList<>(2);
    if (concurrencyKey != null) {
      limits.add(LimitName.ofKey(concurrencyKey));
    }
    limits.add(LimitName.ofQueue(queue));
    if (rateLimits != null) {
      rateLimits.forEach(name -> limits.add(LimitName.ofRate(name)));
    }
    return limits;
  }
}
