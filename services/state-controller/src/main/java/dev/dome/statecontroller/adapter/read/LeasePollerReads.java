package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.statecontroller.application.read.PollerReads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalLong;

/**
 * {@link PollerReads} by the open leases: a worker that holds a task of the queue was last heard of
 * when it claimed the task or renewed its lease. One that asks and gets nothing leaves no trace.
 */
@ApplicationScoped
public class LeasePollerReads implements PollerReads {
  private final Reader reader;

  LeasePollerReads(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<OptionalLong> lastSeen(NamespaceId namespace, QueueName queue) {
    return reader.read(session ->
        session
            .createNativeQuery(
                """
                select max(expires_at_ms - term_ms) from lease
                where ended_at_ms is null and namespace = :namespace and queue = :queue
                """,
                Long.class)
            .setParameter("namespace", namespace.value())
            .setParameter("queue", queue.value())
            .getSingleResultOrNull()
            .map(seenMs -> seenMs == null ? OptionalLong.empty() : OptionalLong.of(seenMs)));
  }
}
