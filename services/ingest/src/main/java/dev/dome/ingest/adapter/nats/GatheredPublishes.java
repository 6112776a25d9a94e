package dev.dome.ingest.adapter.nats;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.messaging.AtomicBatchPublisher;
import dev.dome.messaging.InboxPublisher.Addressed;
import dev.dome.messaging.Publication;
import dev.dome.messaging.Publication.Cause;
import dev.dome.messaging.Publication.Failed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Group commit for the inbox. A message goes at once when nothing is on its way; what comes while a
 * batch is on its way goes together in the next one, and so costs one sync. There is never more
 * than one batch in flight, as batches over the same lanes need it.
 */
final class GatheredPublishes {
  /** Messages that may wait here; one more is refused at once. */
  private static final int WINDOW = 4_096;

  private final Function<List<Addressed>, CompletionStage<Publication>> batches;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean inFlight;

  private record Waiting(Addressed message, CompletableFuture<Publication> publication) {}

  /**
   * Gathers for a publisher.
   *
   * @param batches publishes 1 to {@link AtomicBatchPublisher#MAX_MESSAGES} messages, all of them
   *     or none; never completes exceptionally
   */
  GatheredPublishes(Function<List<Addressed>, CompletionStage<Publication>> batches) {
    this.batches = batches;
  }

  /** Completes as a publish of the message alone would; never blocks, never exceptionally. */
  CompletableFuture<Publication> publish(Lane lane, InboxMessage message) {
    Waiting one = new Waiting(new Addressed(lane, message), new CompletableFuture<>());
    synchronized (waiting) {
      if (waiting.size() >= WINDOW) {
        return CompletableFuture.completedFuture(
            new Failed(Cause.WINDOW_FULL, "too many publishes are waiting"));
      }
      waiting.add(one);
      if (inFlight) {
        return one.publication();
      }
      inFlight = true;
    }
    next();
    return one.publication();
  }

  private void next() {
    List<Waiting> group = take();
    if (group.isEmpty()) {
      return;
    }
    batches
        .apply(group.stream().map(Waiting::message).toList())
        .whenComplete((publication, bug) -> {
          next();
          settle(group, publication);
        });
  }

  /** The next group; after an empty one nothing is in flight any more. */
  private List<Waiting> take() {
    synchronized (waiting) {
      List<Waiting> group = new ArrayList<>();
      while (!waiting.isEmpty() && group.size() < AtomicBatchPublisher.MAX_MESSAGES) {
        group.add(waiting.remove());
      }
      inFlight = !group.isEmpty();
      return group;
    }
  }

  /**
   * A group that the server did not take as it was may have one message to blame, and nothing of it
   * is stored: each is tried alone.
   */
  private void settle(List<Waiting> group, Publication publication) {
    if (group.size() > 1
        && publication instanceof Failed(Cause cause, String detail)
        && (cause == Cause.TOO_LARGE || cause == Cause.REFUSED)) {
      group.forEach(
          each -> batches.apply(List.of(each.message())).thenAccept(each.publication()::complete));
    } else {
      group.forEach(each -> each.publication().complete(publication));
    }
  }
}
