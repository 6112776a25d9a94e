package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import java.util.Collection;
import java.util.Map;

/**
 * Which workers there are, and who drains, shared by all replicas. Any method may throw a {@link
 * StoreException}.
 */
public interface WorkerTable {
  /** Notes when workers were seen last; what is older than what is known changes nothing. */
  void seen(Collection<Seen> workers);

  /**
   * Who drains.
   *
   * @param sinceMs workers that were seen before are left out of {@link Drains#ofVersions}
   */
  Drains drains(long sinceMs);

  /** Forgets workers that were seen before a time only, and with each that it drains. */
  void forget(long beforeMs);

  /**
   * A worker at one queue.
   *
   * @param deploymentVersion as its last claim said, null when it said none
   * @param labels as its last claim said
   * @param claimed whether it claimed; a sign of life says nothing of version and labels
   */
  record Seen(
      NamespaceId namespace,
      QueueName queue,
      String workerId,
      String deploymentVersion,
      Map<String, String> labels,
      boolean claimed,
      long atMs) {}
}
