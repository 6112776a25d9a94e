package dev.dome.messaging;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.NatsMessage;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Messages that may be lost: claims, heartbeats, hints and outcomes, each repaired by a deadline or
 * a sweep. One instance has one thread for all its handlers, which must not block.
 */
public final class CoreMessages implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CoreMessages.class.getName());

  private final NatsLink link;
  private final Dispatcher dispatcher;

  CoreMessages(NatsLink link) {
    this.link = link;
    this.dispatcher = link.connection().createDispatcher();
  }

  /**
   * A message that came in.
   *
   * @param replyTo where an answer is awaited, or null
   * @param traceparent W3C trace context, or null
   */
  // The bytes are handed on once and never compared, so a copy or a wrapper would buy nothing.
  @SuppressWarnings("ArrayRecordComponent")
  public record Incoming(String subject, String replyTo, byte[] body, String traceparent) {}

  @FunctionalInterface
  public interface Handler {
    /**
     * Called in order of arrival; must not block. What it throws is logged and drops the message.
     */
    void handle(Incoming message);
  }

  /** Ends a subscription. */
  @FunctionalInterface
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /** What became of a request. Futures of it never complete exceptionally. */
  public sealed interface Answer {
    // The bytes are handed on once and never compared, so a copy or a wrapper would buy nothing.
    @SuppressWarnings("ArrayRecordComponent")
    record Replied(byte[] body) implements Answer {}

    /** Nobody listens on the subject: nothing was done. */
    record NoResponder() implements Answer {}

    /** Whether anything was done is unknown. */
    record TimedOut() implements Answer {}

    /** The link was down, or went down while waiting. */
    record Unavailable(String cause) implements Answer {}
  }

  /** Every message of the subject comes to this handler. */
  public Listening listen(String subject, Handler handler) {
    Subscription subscription = dispatcher.subscribe(subject, guarded(handler));
    return () -> unsubscribe(subscription);
  }

  /** Each message of the subject comes to one of the group's handlers. */
  public Listening listen(String subject, String queueGroup, Handler handler) {
    Subscription subscription = dispatcher.subscribe(subject, queueGroup, guarded(handler));
    return () -> unsubscribe(subscription);
  }

  private void unsubscribe(Subscription subscription) {
    if (dispatcher.isActive() && subscription.isActive()) {
      dispatcher.unsubscribe(subscription);
    }
  }

  /**
   * Asks and waits for one answer.
   *
   * @param traceparent W3C trace context, or null
   */
  public CompletableFuture<Answer> request(
      String subject, byte[] body, Duration patience, String traceparent) {
    if (!link.connected()) {
      return CompletableFuture.completedFuture(new Answer.Unavailable("not connected"));
    }
    try {
      return link.connection()
          .requestWithTimeout(subject, TraceHeaders.of(traceparent), body, patience)
          .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
          .handle(this::answer);
    } catch (IllegalStateException e) {
      return CompletableFuture.completedFuture(new Answer.Unavailable(e.getMessage()));
    }
  }

  private Answer answer(Message reply, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return switch (cause) {
      case null -> new Answer.Replied(reply.getData());
      case TimeoutException e -> new Answer.TimedOut();
      case CancellationException e when link.connected() -> new Answer.NoResponder();
      default -> new Answer.Unavailable(cause.getClass().getSimpleName());
    };
  }

  /**
   * Sends without waiting: an answer, a hint.
   *
   * @return whether it was handed to the connection; it may be lost all the same
   */
  public boolean send(String subject, byte[] body, String traceparent) {
    return send(subject, null, body, traceparent);
  }

  /** As above; who receives it answers to {@code replyTo}, which forwards a request. */
  public boolean send(String subject, String replyTo, byte[] body, String traceparent) {
    if (link.connection().getStatus() != Connection.Status.CONNECTED) {
      return false;
    }
    try {
      link.connection()
          .publish(
              NatsMessage.builder()
                  .subject(subject)
                  .replyTo(replyTo)
                  .headers(TraceHeaders.of(traceparent))
                  .data(body)
                  .build());
      return true;
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "core message is larger than the server takes bytes={0} cause={1}",
          Integer.toString(body.length),
          e.getMessage());
      return false;
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "core message not sent cause={0}", e.getMessage());
      return false;
    }
  }

  private static io.nats.client.MessageHandler guarded(Handler handler) {
    return message -> {
      try {
        handler.handle(
            new Incoming(
                message.getSubject(),
                message.getReplyTo(),
                message.getData(),
                TraceHeaders.read(message)));
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "core message handler failed", e);
      }
    };
  }

  /** Ends every subscription of this instance. */
  @Override
  public void close() {
    if (dispatcher.isActive()) {
      link.connection().closeDispatcher(dispatcher);
    }
  }
}
