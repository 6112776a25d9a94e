package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import java.util.Set;

/**
 * Which workers are to take nothing more: single ones, and all of a deployment version of a queue.
 *
 * @param rules as they were asked for
 * @param ofVersions workers seen lately whose version is drained, because a sign of life does not
 *     name the version
 */
public record Drains(Set<Rule> rules, Set<Polling> ofVersions) {
  /** Nobody drains. */
  public static final Drains NONE = new Drains(Set.of(), Set.of());

  public Drains {
    rules = Set.copyOf(rules);
    ofVersions = Set.copyOf(ofVersions);
  }

  /** What a drain is about. */
  public sealed interface Rule {
    /** One worker, on every queue it works. */
    record OfWorker(NamespaceId namespace, String workerId) implements Rule {}

    /** Every worker of a version on one queue, also one that comes later. */
    record OfVersion(NamespaceId namespace, QueueName queue, String deploymentVersion)
        implements Rule {}
  }

  /** A worker at one queue. */
  public record Polling(NamespaceId namespace, QueueName queue, String workerId) {}

  /** Whether a claim is to be told so; without a version it belongs to none. */
  boolean covers(
      NamespaceId namespace, QueueName queue, String workerId, String deploymentVersion) {
    return rules.contains(new Rule.OfWorker(namespace, workerId))
        || (deploymentVersion != null
            && rules.contains(new Rule.OfVersion(namespace, queue, deploymentVersion)));
  }

  /** Whether the holder of a lease is to be told so. */
  boolean covers(NamespaceId namespace, QueueName queue, String workerId) {
    return covers(namespace, queue, workerId, null)
        || ofVersions.contains(new Polling(namespace, queue, workerId));
  }
}
