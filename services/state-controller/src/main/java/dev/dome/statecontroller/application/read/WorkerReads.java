package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;

/** Workers that were seen within a day. Reads fail with {@link RecordUnavailableException}. */
public interface WorkerReads {
  /**
   * Workers by their id, then by queue.
   *
   * @param queue only those of a queue, or null for all
   * @param after the last one of the page before, or null for the first page
   */
  Uni<List<WorkerRecord>> list(NamespaceId namespace, QueueName queue, After after, int limit);

  /** Those who claim from a queue, the one seen last first, at most a hundred. */
  Uni<List<WorkerRecord>> listPollers(NamespaceId namespace, QueueName queue);

  /** The place of a worker in the list. */
  record After(String workerId, String queue) {}

  /**
   * A worker at one queue.
   *
   * @param deploymentVersion null when its claims name none
   * @param labels what it offers
   * @param lastSeenMs when it last claimed or kept a lease, a second late at most, epoch
   *     milliseconds
   * @param drainingSinceMs null while it may take tasks
   * @param leases tasks of the queue that it holds
   */
  record WorkerRecord(
      String workerId,
      String queue,
      String deploymentVersion,
      Map<String, String> labels,
      long lastSeenMs,
      Long drainingSinceMs,
      long leases) {}
}
