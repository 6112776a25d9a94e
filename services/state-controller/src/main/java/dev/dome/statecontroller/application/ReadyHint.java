package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;

/**
 * A replica has work nobody waits for there.
 *
 * @param ready how many tasks may be granted
 */
public record ReadyHint(String replicaId, NamespaceId namespace, QueueName queue, int ready) {}
