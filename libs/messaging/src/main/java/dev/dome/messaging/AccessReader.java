package dev.dome.messaging;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.Subjects;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Reads DOME_ACCESS in order from behind the position that a service has committed. The durable
 * consumer shows how far it is; what was read is judged by the service's position alone.
 */
public final class AccessReader implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AccessReader.class.getName());
  private static final int CONSUMER_NOT_FOUND = 10014;
  private static final Duration REDELIVER_AFTER = Duration.ofMinutes(10);

  /** A batch has fewer decisions than this before its last message. */
  private static final int BATCH_DECISIONS = 1_000;

  /**
   * Where a reader stands.
   *
   * @param incarnation of the stream; sequences of another one mean nothing
   * @param sequence of the last message whose effect is committed, 0 for none
   */
  public record Position(String incarnation, long sequence) {
    public static final Position START = new Position("", 0);
  }

  /** One message of the stream. */
  public record Delivery(long sequence, AccessBatch batch) {}

  /**
   * Messages in order.
   *
   * @param after what the service has committed
   * @param last what it stands at once these are committed
   */
  public record Batch(Position after, Position last, List<Delivery> deliveries) {}

  /** Applies what was read; completes when it is committed together with the new position. */
  @FunctionalInterface
  public interface Handler {
    CompletionStage<Void> apply(Batch batch);
  }

  private final NatsLink link;
  private final String consumer;
  private final Supplier<CompletionStage<Position>> committed;
  private final Handler handler;
  private final LongConsumer missed;
  private final ReadLoop loop;
  private final List<Delivery> deliveries = new ArrayList<>();
  private Message unacknowledged;
  private String incarnation = "";
  private Position position = Position.START;
  private long read;
  private int decisions;
  private volatile long pending;

  private AccessReader(
      NatsLink link,
      String service,
      Supplier<CompletionStage<Position>> committed,
      Handler handler,
      LongConsumer missed) {
    this.link = link;
    this.consumer = service + "-access";
    this.committed = committed;
    this.handler = handler;
    this.missed = missed;
    this.loop = new ReadLoop(link, Subjects.ACCESS_STREAM, consumer, new Source());
  }

  /**
   * Starts reading.
   *
   * @param committed asks the service where it stands
   * @param missed told how many messages the stream dropped before they were read
   */
  public static AccessReader read(
      NatsLink link,
      String service,
      Supplier<CompletionStage<Position>> committed,
      Handler handler,
      LongConsumer missed) {
    AccessReader reader = new AccessReader(link, service, committed, handler, missed);
    reader.loop.start();
    return reader;
  }

  public ReaderState state() {
    return loop.state();
  }

  /** Messages behind the last one that was delivered. */
  public long pending() {
    return pending;
  }

  @Override
  public void close() {
    loop.close();
  }

  private final class Source implements ReadLoop.Source {
    @Override
    public String open() throws IOException, JetStreamApiException, InterruptedException {
      deliveries.clear();
      decisions = 0;
      unacknowledged = null;
      JetStreamManagement management =
          link.connection().jetStreamManagement(link.jetStreamOptions());
      incarnation = Streams.createdAt(management.getStreamInfo(Subjects.ACCESS_STREAM));
      position = committedPosition();
      read = position.incarnation().equals(incarnation) ? position.sequence() : 0;
      dropConsumer(management);
      management.createConsumer(Subjects.ACCESS_STREAM, consumerAfter(read));
      return consumer;
    }

    @Override
    public void deliver(Message message) throws InterruptedException {
      long sequence = message.metaData().streamSequence();
      if (sequence > read + 1) {
        missed.accept(sequence - read - 1);
      }
      read = sequence;
      pending = message.metaData().pendingCount();
      parse(message);
      unacknowledged = message;
      if (decisions >= BATCH_DECISIONS) {
        apply();
      }
    }

    @Override
    public void idle() throws InterruptedException {
      apply();
    }
  }

  private Position committedPosition() throws IOException, InterruptedException {
    try {
      return committed
          .get()
          .toCompletableFuture()
          .get(link.budget().requestMs(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the position cannot be read", e);
    }
  }

  /** What the process before had been given would come late and out of order. */
  private void dropConsumer(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    try {
      management.deleteConsumer(Subjects.ACCESS_STREAM, consumer);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != CONSUMER_NOT_FOUND) {
        throw e;
      }
    }
  }

  private ConsumerConfiguration consumerAfter(long sequence) {
    return ConsumerConfiguration.builder()
        .durable(consumer)
        .filterSubject(Subjects.ACCESS)
        .ackPolicy(AckPolicy.All)
        .ackWait(REDELIVER_AFTER)
        .maxAckPending(-1)
        .deliverPolicy(DeliverPolicy.ByStartSequence)
        .startSequence(sequence + 1)
        .build();
  }

  private void parse(Message message) {
    try {
      AccessBatch batch = Json.read(message.getData(), AccessBatch.class);
      deliveries.add(new Delivery(message.metaData().streamSequence(), batch));
      decisions += batch.decisions().size();
    } catch (IllegalArgumentException e) {
      missed.accept(1);
      LOG.log(Level.ERROR, "a message is no access batch consumer={0}", consumer);
    }
  }

  private void apply() throws InterruptedException {
    if (unacknowledged == null) {
      return;
    }
    Position last = new Position(incarnation, read);
    Batch batch = new Batch(position, last, List.copyOf(deliveries));
    deliveries.clear();
    decisions = 0;
    try {
      handler.apply(batch).toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the access decisions were not applied", e.getCause());
    }
    position = last;
    unacknowledged.ack();
    unacknowledged = null;
  }
}
