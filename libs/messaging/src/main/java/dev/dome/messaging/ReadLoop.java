package dev.dome.messaging;

import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Pulls one consumer's messages in order on a virtual thread. Whenever order cannot be vouched for
 * (the link or the consumer was lost, a consumer sequence is missing, the source threw), it opens
 * the source again, which makes a new consumer at the source's own position.
 */
final class ReadLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ReadLoop.class.getName());

  /** Where a loop's messages come from and go to; called on the loop's thread only. */
  interface Source {
    /** Makes a consumer that starts after what was delivered; returns its name. */
    String open() throws IOException, JetStreamApiException, InterruptedException;

    /** Takes one message; may block, and nothing is pulled beyond the batch meanwhile. */
    void deliver(Message message) throws InterruptedException;

    /** The pull has ended or the server has nothing more right now. */
    void idle() throws InterruptedException;
  }

  private final NatsLink link;
  private final String stream;
  private final String name;
  private final Source source;
  private final AtomicReference<ReaderState> state =
      new AtomicReference<>(new ReaderState.Opening());
  private final Thread thread;
  private volatile boolean closed;

  ReadLoop(NatsLink link, String stream, String name, Source source) {
    this.link = link;
    this.stream = stream;
    this.name = name;
    this.source = source;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  ReaderState state() {
    return state.get();
  }

  private void run() {
    long pauseMs = link.budget().retryFloorMs();
    try {
      while (!closed) {
        long openedAt = System.nanoTime();
        try {
          read(source.open());
        } catch (IOException
            | JetStreamApiException
            | JetStreamStatusCheckedException
            | RuntimeException e) {
          boolean lasted = System.nanoTime() - openedAt > 1_000_000 * link.budget().retryCapMs();
          pauseMs = lasted ? link.budget().retryFloorMs() : pauseMs;
          failed(e);
          Thread.sleep(pauseMs + ThreadLocalRandom.current().nextLong(pauseMs));
          pauseMs = Math.min(2 * pauseMs, link.budget().retryCapMs());
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "reader interrupted reader={0}", name);
    } finally {
      state.set(new ReaderState.Closed());
    }
  }

  private void failed(Exception e) {
    state.set(new ReaderState.Retrying(e.getClass().getSimpleName()));
    if (!closed) {
      LOG.log(
          Level.WARNING,
          "reader starts again reader={0} type={1} cause={2}",
          name,
          e.getClass().getSimpleName(),
          e.getMessage());
    }
  }

  private void read(String consumer)
      throws IOException,
          JetStreamApiException,
          JetStreamStatusCheckedException,
          InterruptedException {
    FetchConsumeOptions options =
        FetchConsumeOptions.builder()
            .maxMessages(link.budget().pullMessages())
            .expiresIn(link.budget().pullMs())
            .build();
    var context =
        link.connection()
            .getStreamContext(stream, link.jetStreamOptions())
            .getConsumerContext(consumer);
    long expected = 1;
    while (!closed) {
      state.set(new ReaderState.Reading());
      FetchConsumer fetch = context.fetch(options);
      try {
        expected = drain(fetch, expected);
      } finally {
        fetch.stop();
      }
      requireConnected();
    }
  }

  private long drain(FetchConsumer fetch, long from)
      throws InterruptedException, JetStreamStatusCheckedException {
    long expected = from;
    Message message = fetch.nextMessage();
    while (message != null && !closed) {
      long sequence = message.metaData().consumerSequence();
      if (sequence != expected) {
        throw new IllegalStateException(
            "consumer sequence expected " + expected + " but was " + sequence);
      }
      expected++;
      source.deliver(message);
      if (message.metaData().pendingCount() == 0) {
        source.idle();
      }
      message = fetch.nextMessage();
    }
    source.idle();
    return expected;
  }

  private void requireConnected() throws IOException {
    if (!link.connected()) {
      throw new IOException("the link is down");
    }
  }

  /** Stops reading and waits for a delivery under way to return. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
