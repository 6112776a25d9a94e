package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;

/** A queue of one namespace. */
record QueueKey(NamespaceId namespace, QueueName queue) implements Comparable<QueueKey> {
  @Override
  public int compareTo(QueueKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : queue.compareTo(other.queue);
  }
}
