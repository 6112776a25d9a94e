package dev.dome.messaging;

import io.nats.client.Connection;
import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import io.nats.client.OrderedConsumerContext;
import io.nats.client.StreamContext;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a stream holds, read once from front to end for whoever verifies it; nothing is changed. */
public final class StreamContent {
  private static final int MESSAGES_AT_ONCE = 200;
  private static final long PATIENCE_MS = 2_000;

  private final NatsLink link;

  public StreamContent(NatsLink link) {
    this.link = link;
  }

  /** Takes one message. */
  @FunctionalInterface
  public interface Reader {
    /** Takes the message at a sequence of the stream, its headers as text. */
    void take(long sequence, String subject, String headers, byte[] body);
  }

  /**
   * Reads what is there now; what comes meanwhile is left out, and what is trimmed meanwhile too.
   *
   * @return how many messages were read
   * @throws UncheckedIOException when the server stops answering
   * @throws StreamRefusedException when there is no such stream, or reading it is not allowed
   */
  public long read(String stream, Reader reader) {
    try {
      Connection connection = link.connection();
      StreamContext context = connection.getStreamContext(stream, link.jetStreamOptions());
      long end = context.getStreamInfo().getStreamState().getLastSequence();
      if (context.getStreamInfo().getStreamState().getMsgCount() == 0) {
        return 0;
      }
      return read(context.createOrderedConsumer(new OrderedConsumerConfiguration()), end, reader);
    } catch (IOException e) {
      throw new UncheckedIOException("JetStream did not answer", e);
    } catch (JetStreamApiException e) {
      throw new StreamRefusedException(e);
    }
  }

  private static long read(OrderedConsumerContext consumer, long end, Reader reader)
      throws IOException, JetStreamApiException {
    Progress progress = new Progress();
    while (progress.last < end) {
      long before = progress.messages;
      FetchConsumer batch = null;
      try {
        batch = consumer.fetch(some());
        take(batch, end, reader, progress);
      } catch (JetStreamStatusCheckedException e) {
        throw new IOException("the stream cannot be read on", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while reading a stream", e);
      } finally {
        if (batch != null) {
          batch.stop();
        }
      }
      if (progress.messages == before) {
        break;
      }
    }
    return progress.messages;
  }

  private static final class Progress {
    private long messages;
    private long last;
  }

  private static void take(FetchConsumer batch, long end, Reader reader, Progress progress)
      throws InterruptedException, JetStreamStatusCheckedException {
    while (progress.last < end) {
      Message message = batch.nextMessage();
      if (message == null) {
        return;
      }
      long sequence = message.metaData().streamSequence();
      if (sequence <= end) {
        progress.messages++;
        reader.take(sequence, message.getSubject(), headers(message), message.getData());
      }
      progress.last = message.metaData().pendingCount() == 0 ? end : sequence;
    }
  }

  private static FetchConsumeOptions some() {
    return FetchConsumeOptions.builder()
        .maxMessages(MESSAGES_AT_ONCE)
        .expiresIn(PATIENCE_MS)
        .build();
  }

  private static String headers(Message message) {
    StringBuilder text = new StringBuilder();
    if (message.hasHeaders()) {
      message
          .getHeaders()
          .forEach((name, values) -> text.append(name).append(": ").append(values).append('\n'));
    }
    return text.toString();
  }
}
