package dev.dome.statecontroller.application;

import dev.dome.contracts.Labels;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.wire.Claim;
import java.util.Map;

/**
 * A replica has work that it has not granted.
 *
 * @param ready how many tasks may be granted
 * @param requires the labels that all of them require, null when they require none
 * @param top the first of them in order; null from a replica that does not say
 */
public record ReadyHint(
    String replicaId,
    NamespaceId namespace,
    QueueName queue,
    int ready,
    Map<String, String> requires,
    Top top) {

  /**
   * By what a task is compared with those of other replicas.
   *
   * @param ready how many are of that priority, as far as they were counted
   */
  public record Top(int priority, long runCreatedAtMs, int ready) {}

  QueueKey key() {
    return new QueueKey(namespace, queue);
  }

  Map<String, String> required() {
    return requires == null ? Map.of() : requires;
  }

  /** Whether its tasks may be granted to the claim. */
  boolean suits(Claim.Request claim) {
    return Labels.satisfied(required(), claim.offered());
  }
}
