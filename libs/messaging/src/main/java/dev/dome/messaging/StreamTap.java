package dev.dome.messaging;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Shows the messages of a stream as they are stored, from now on, for measurements: it leaves no
 * trace and pushes nobody back. A message that is trimmed before it is shown is not shown.
 */
public final class StreamTap implements AutoCloseable {

  /** Is shown each message, on one thread that must not block. */
  @FunctionalInterface
  public interface Sink {
    /**
     * One message.
     *
     * @param storedAtMs epoch milliseconds by the server's clock
     */
    void accept(long storedAtMs, byte[] body);
  }

  private final MessageConsumer consumer;

  private StreamTap(MessageConsumer consumer) {
    this.consumer = consumer;
  }

  /**
   * Starts showing.
   *
   * @throws UncheckedIOException when the server cannot be asked
   * @throws StreamRefusedException when it says no
   */
  public static StreamTap open(NatsLink link, String stream, Sink sink) {
    try {
      return new StreamTap(
          link.connection()
              .getStreamContext(stream)
              .createOrderedConsumer(
                  new OrderedConsumerConfiguration().deliverPolicy(DeliverPolicy.New))
              .consume(message -> sink.accept(storedAtMs(message), message.getData())));
    } catch (IOException e) {
      throw new UncheckedIOException("JetStream did not answer", e);
    } catch (JetStreamApiException e) {
      throw new StreamRefusedException(e);
    }
  }

  private static long storedAtMs(Message message) {
    return message.metaData().timestamp().toInstant().toEpochMilli();
  }

  @Override
  public void close() {
    consumer.stop();
  }
}
