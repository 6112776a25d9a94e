package dev.dome.messaging;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.Publication.Cause;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Puts messages into DOME_INBOX. {@link Publication.Stored} means fsynced, because the server syncs
 * before it acknowledges; {@link ServerGuard} checks that it does. Never blocks: more publishes
 * than the budget's window are refused at once.
 */
public final class InboxPublisher {
  private final NatsLink link;
  private final Semaphore window;
  private final AtomicBatchPublisher batches;

  InboxPublisher(NatsLink link) {
    this.link = link;
    this.batches = new AtomicBatchPublisher(link);
    this.window = new Semaphore(link.budget().publishWindow());
  }

  /** Publishes; the future completes on a NATS thread, which must not be blocked. */
  public CompletableFuture<Publication> publish(Lane lane, InboxMessage message) {
    if (!window.tryAcquire()) {
      return Acknowledgements.done(Cause.WINDOW_FULL, "too many publishes are waiting");
    }
    return Acknowledgements.request(
            link,
            Subjects.inbox(lane),
            TraceHeaders.of(message.traceparent()),
            Json.write(message),
            link.budget().publish())
        .whenComplete((publication, bug) -> window.release());
  }

  /** A message and the lane it is for. */
  public record Addressed(Lane lane, InboxMessage message) {}

  /**
   * Publishes messages in order, all of them or none, for about the cost of one. Until the future
   * completes the next ones of the same lanes must wait.
   *
   * @param messages 1 to {@link AtomicBatchPublisher#MAX_MESSAGES}
   * @throws IllegalArgumentException for another number of messages
   * @throws IllegalStateException when a batch before it is still in flight on one of the lanes
   */
  public CompletableFuture<Publication> publishAll(List<Addressed> messages) {
    // The server stages every batch in files of its own, which one message does not need.
    return messages.size() == 1
        ? publish(messages.getFirst().lane(), messages.getFirst().message())
        : batches.publish(messages.stream().map(InboxPublisher::part).toList());
  }

  private static AtomicBatchPublisher.Part part(Addressed addressed) {
    return new AtomicBatchPublisher.Part(
        Subjects.inbox(addressed.lane()),
        Json.write(addressed.message()),
        TraceHeaders.of(addressed.message().traceparent()));
  }

  /** Publishes that wait for their acknowledgement now. */
  public int waiting() {
    return link.budget().publishWindow() - window.availablePermits();
  }
}
