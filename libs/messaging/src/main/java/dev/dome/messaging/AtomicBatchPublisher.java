package dev.dome.messaging;

import dev.dome.messaging.Publication.Cause;
import io.nats.client.Connection;
import io.nats.client.NUID;
import io.nats.client.impl.Headers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * Publishes lists of messages to one subject so that the stream stores all of a list or nothing of
 * it, in order (JetStream atomic batch, ADR-50). Messages carry no Nats-Msg-Id: a known one would
 * refuse the whole batch, and readers recognise repeats by lane position anyway. Until the future
 * of a subject's batch completes its next batch must wait; lanes are independent of each other.
 */
public final class AtomicBatchPublisher {
  /** The server's bound on the messages of one batch. */
  public static final int MAX_MESSAGES = 1_000;

  private static final String BATCH_ID = "Nats-Batch-Id";
  private static final String BATCH_SEQUENCE = "Nats-Batch-Sequence";
  private static final String BATCH_COMMIT = "Nats-Batch-Commit";

  private final NatsLink link;
  private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

  AtomicBatchPublisher(NatsLink link) {
    this.link = link;
  }

  /**
   * Publishes one batch. After a failure nothing, or after TIMED_OUT and UNAVAILABLE possibly all,
   * of it is stored; the caller repeats from its published position.
   *
   * @param bodies 1 to {@link #MAX_MESSAGES}
   * @throws IllegalArgumentException for another number of bodies
   * @throws IllegalStateException when the subject's batch before it is still in flight
   */
  public CompletableFuture<Publication> publish(String subject, List<byte[]> bodies) {
    return publish(subject, bodies, index -> new Headers());
  }

  /** The same, with headers of the caller's for each body by its index. */
  CompletableFuture<Publication> publish(
      String subject, List<byte[]> bodies, IntFunction<Headers> own) {
    if (bodies.isEmpty() || bodies.size() > MAX_MESSAGES) {
      throw new IllegalArgumentException("a batch has 1 to 1000 messages, not " + bodies.size());
    }
    if (!inFlight.add(subject)) {
      throw new IllegalStateException("the batch before is still in flight on " + subject);
    }
    return send(subject, bodies, own).whenComplete((publication, bug) -> inFlight.remove(subject));
  }

  private CompletableFuture<Publication> send(
      String subject, List<byte[]> bodies, IntFunction<Headers> own) {
    if (!link.connected()) {
      return Acknowledgements.done(Cause.UNAVAILABLE, "not connected");
    }
    Connection connection = link.connection();
    String batchId = NUID.nextGlobal();
    int last = bodies.size();
    try {
      for (int sequence = 1; sequence < last; sequence++) {
        Headers headers = batched(own.apply(sequence - 1), batchId, sequence);
        connection.publish(subject, headers, bodies.get(sequence - 1));
      }
    } catch (IllegalArgumentException e) {
      return Acknowledgements.done(Cause.TOO_LARGE, e.getMessage());
    } catch (IllegalStateException e) {
      return Acknowledgements.done(Cause.UNAVAILABLE, e.getMessage());
    }
    Headers commit = batched(own.apply(last - 1), batchId, last).put(BATCH_COMMIT, "1");
    return Acknowledgements.request(
        link, subject, commit, bodies.get(last - 1), link.budget().batch());
  }

  private static Headers batched(Headers own, String batchId, int sequence) {
    return own.put(BATCH_ID, batchId).put(BATCH_SEQUENCE, Integer.toString(sequence));
  }
}
