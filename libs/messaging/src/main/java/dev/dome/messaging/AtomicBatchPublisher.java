package dev.dome.messaging;

import dev.dome.messaging.Publication.Cause;
import io.nats.client.Connection;
import io.nats.client.NUID;
import io.nats.client.impl.Headers;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Publishes lists of messages to one stream so that it stores all of a list or nothing of it, in
 * order, and syncs once (JetStream atomic batch, ADR-50). Messages carry no Nats-Msg-Id: a known
 * one would refuse the whole batch, and readers recognise repeats anyway. Until the future of a
 * batch completes the next one that has a subject of it must wait.
 */
public final class AtomicBatchPublisher {
  /** The server's bound on the messages of one batch. */
  public static final int MAX_MESSAGES = 1_000;

  private static final String BATCH_ID = "Nats-Batch-Id";
  private static final String BATCH_SEQUENCE = "Nats-Batch-Sequence";
  private static final String BATCH_COMMIT = "Nats-Batch-Commit";

  private final NatsLink link;
  private final Set<String> inFlight = new HashSet<>();

  /** One message of a batch. */
  @SuppressWarnings("ArrayRecordComponent")
  record Part(String subject, byte[] body, Headers headers) {}

  AtomicBatchPublisher(NatsLink link) {
    this.link = link;
  }

  /**
   * Publishes one batch to one subject. After a failure nothing, or after TIMED_OUT and UNAVAILABLE
   * possibly all, of it is stored; the caller repeats from its published position.
   *
   * @param bodies 1 to {@link #MAX_MESSAGES}
   * @throws IllegalArgumentException for another number of bodies
   * @throws IllegalStateException when the subject's batch before it is still in flight
   */
  public CompletableFuture<Publication> publish(String subject, List<byte[]> bodies) {
    return publish(bodies.stream().map(body -> new Part(subject, body, new Headers())).toList());
  }

  /** The same with subjects of one stream. */
  CompletableFuture<Publication> publish(List<Part> parts) {
    if (parts.isEmpty() || parts.size() > MAX_MESSAGES) {
      throw new IllegalArgumentException("a batch has 1 to 1000 messages, not " + parts.size());
    }
    Set<String> subjects = parts.stream().map(Part::subject).collect(Collectors.toSet());
    begin(subjects);
    return send(parts).whenComplete((publication, bug) -> end(subjects));
  }

  private synchronized void begin(Set<String> subjects) {
    if (!Collections.disjoint(inFlight, subjects)) {
      throw new IllegalStateException("a batch before is still in flight on one of " + subjects);
    }
    inFlight.addAll(subjects);
  }

  private synchronized void end(Set<String> subjects) {
    inFlight.removeAll(subjects);
  }

  private CompletableFuture<Publication> send(List<Part> parts) {
    if (!link.connected()) {
      return Acknowledgements.done(Cause.UNAVAILABLE, "not connected");
    }
    Connection connection = link.connection();
    String batchId = NUID.nextGlobal();
    int last = parts.size();
    try {
      for (int sequence = 1; sequence < last; sequence++) {
        Part part = parts.get(sequence - 1);
        connection.publish(part.subject(), batched(part, batchId, sequence), part.body());
      }
    } catch (IllegalArgumentException e) {
      return Acknowledgements.done(Cause.TOO_LARGE, e.getMessage());
    } catch (IllegalStateException e) {
      return Acknowledgements.done(Cause.UNAVAILABLE, e.getMessage());
    }
    Part part = parts.getLast();
    Headers commit = batched(part, batchId, last).put(BATCH_COMMIT, "1");
    return Acknowledgements.request(
        link, part.subject(), commit, part.body(), link.budget().batch());
  }

  private static Headers batched(Part part, String batchId, int sequence) {
    return part.headers().put(BATCH_ID, batchId).put(BATCH_SEQUENCE, Integer.toString(sequence));
  }
}
