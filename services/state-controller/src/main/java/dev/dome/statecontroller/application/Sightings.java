package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.wire.Claim;

/** Hears of workers that show themselves; must return at once and never throw. */
public interface Sightings {
  /** A worker asked for tasks. */
  void claimed(Claim.Request request, long nowMs);

  /** A worker holds a task of the queue and is alive. */
  void alive(NamespaceId namespace, QueueName queue, String workerId, long nowMs);
}
