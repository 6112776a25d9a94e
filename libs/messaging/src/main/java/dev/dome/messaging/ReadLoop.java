package dev.dome.messaging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.support.Status;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Pulls one consumer's messages in order on a virtual thread. Whenever order cannot be vouched for
 * (the link or the consumer was lost, a consumer sequence is missing, the source threw), it opens
 * the source again, which makes a new consumer at the source's own position.
 */
final class ReadLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ReadLoop.class.getName());

  private static final int NO_MESSAGES = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int CONFLICT = 409;

  /** The next message would exceed the bytes of the pull; the next pull brings it. */
  private static final String FULL = "Message Size Exceeds MaxBytes";

  /**
   * The pull has brought all it may; said after the last message of a pull with a bound in bytes.
   */
  private static final String COMPLETED = "Batch Completed";

  /** How often a waiting reader looks whether the link is still up. */
  private static final Duration LOOK_UP = Duration.ofMillis(250);

  /** Where a loop's messages come from and go to; called on the loop's thread only. */
  interface Source {
    /** Makes a consumer that starts after what was delivered; returns its name. */
    String open() throws IOException, JetStreamApiException, InterruptedException;

    /** Takes one message; may block, and nothing is pulled beyond the batch meanwhile. */
    void deliver(Message message) throws InterruptedException;

    /** The pull has ended, or the server has nothing more. */
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
        } catch (IOException | JetStreamApiException | RuntimeException e) {
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

  private void read(String consumer) throws IOException, InterruptedException {
    String inbox = link.connection().createInbox();
    Subscription subscription = link.connection().subscribe(inbox);
    try {
      long expected = 1;
      while (!closed) {
        ask(consumer, inbox);
        state.set(new ReaderState.Reading());
        expected = drain(subscription, expected);
      }
    } finally {
      release(subscription);
    }
  }

  private void ask(String consumer, String inbox) {
    ObjectNode pull = Json.mapper().createObjectNode();
    pull.put("batch", link.budget().pullMessages());
    pull.put("max_bytes", link.budget().pullBytes());
    pull.put("expires", TimeUnit.MILLISECONDS.toNanos(link.budget().pullMs()));
    String subject = "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer;
    link.connection().publish(subject, inbox, Json.write(pull));
  }

  /** Takes one pull's messages; returns the consumer sequence that comes next. */
  private long drain(Subscription subscription, long from)
      throws InterruptedException, IOException {
    long end = from + link.budget().pullMessages();
    long expected = from;
    while (expected < end) {
      Message message = next(subscription);
      if (message.isStatusMessage()) {
        if (expected == from && isCompleted(message.getStatus())) {
          // Of the pull before, whose messages were all there.
          continue;
        }
        requireHarmless(message.getStatus());
        break;
      }
      requireSequence(message, expected);
      expected++;
      source.deliver(message);
      if (message.metaData().pendingCount() == 0) {
        source.idle();
      }
    }
    source.idle();
    return expected;
  }

  private Message next(Subscription subscription) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * link.budget().pullMs());
    Message message = subscription.nextMessage(LOOK_UP);
    while (message == null) {
      requireConnected();
      if (System.nanoTime() > deadline) {
        throw new IOException("the pull was not answered");
      }
      message = subscription.nextMessage(LOOK_UP);
    }
    return message;
  }

  private static void requireHarmless(Status status) throws IOException {
    boolean full = status.getCode() == CONFLICT && FULL.equals(status.getMessage());
    if (!full
        && !isCompleted(status)
        && status.getCode() != REQUEST_TIMEOUT
        && status.getCode() != NO_MESSAGES) {
      throw new IOException("the pull ended with " + status.getMessageWithCode());
    }
  }

  private static boolean isCompleted(Status status) {
    return status.getCode() == CONFLICT && COMPLETED.equals(status.getMessage());
  }

  private static void requireSequence(Message message, long expected) throws IOException {
    long sequence = message.metaData().consumerSequence();
    if (sequence != expected) {
      throw new IOException("consumer sequence expected " + expected + " but was " + sequence);
    }
  }

  private static void release(Subscription subscription) {
    if (subscription.isActive()) {
      subscription.unsubscribe();
    }
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
