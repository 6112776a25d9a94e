package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import io.smallrye.mutiny.Uni;
import java.util.OptionalLong;

/** Workers as far as somebody asks who waits for one. */
@FunctionalInterface
public interface PollerReads {
  /**
   * When a worker of the queue was last heard of, epoch milliseconds; empty when none is known.
   * Fails with {@link RecordUnavailableException}.
   */
  Uni<OptionalLong> lastSeen(NamespaceId namespace, QueueName queue);
}
