package dev.dome.messaging;

import dev.dome.messaging.Publication.Cause;
import dev.dome.messaging.Publication.Failed;
import dev.dome.messaging.Publication.Stored;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends one message that JetStream acknowledges, and reads the acknowledgement. */
final class Acknowledgements {
  /** Store failed, whose description tells whether it is for want of room. */
  private static final int STORE_FAILED = 10077;

  private static final int STORAGE_RESOURCES_EXCEEDED = 10047;
  private static final int MESSAGE_EXCEEDS_MAXIMUM = 10054;
  private static final Set<Integer> UNAVAILABLE = Set.of(10008, 10009, 10039, 10074);

  private Acknowledgements() {}

  static CompletableFuture<Publication> request(
      NatsLink link, String subject, Headers headers, byte[] body, Duration patience) {
    if (!link.connected()) {
      return done(Cause.UNAVAILABLE, "not connected");
    }
    try {
      return link.connection()
          .requestWithTimeout(subject, headers, body, patience)
          .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
          .handle(Acknowledgements::read);
    } catch (IllegalArgumentException e) {
      return done(Cause.TOO_LARGE, e.getMessage());
    } catch (IllegalStateException e) {
      return done(Cause.UNAVAILABLE, e.getMessage());
    }
  }

  static CompletableFuture<Publication> done(Cause cause, String detail) {
    return CompletableFuture.completedFuture(new Failed(cause, detail));
  }

  private static Publication read(Message answer, Throwable failure) {
    if (failure != null) {
      return failed(failure instanceof CompletionException ? failure.getCause() : failure);
    }
    try {
      return new Stored(new PublishAck(answer).getSeqno());
    } catch (JetStreamApiException e) {
      return refused(e);
    } catch (IOException e) {
      return new Failed(Cause.UNAVAILABLE, "the acknowledgement is not one of JetStream");
    }
  }

  private static Failed failed(Throwable failure) {
    return switch (failure) {
      case TimeoutException e -> new Failed(Cause.TIMED_OUT, "no acknowledgement in time");
      case CancellationException e ->
          new Failed(Cause.UNAVAILABLE, "no responder, or the link was lost");
      default -> new Failed(Cause.UNAVAILABLE, failure.getClass().getSimpleName());
    };
  }

  private static Failed refused(JetStreamApiException e) {
    int code = e.getApiErrorCode();
    String description = String.valueOf(e.getErrorDescription());
    if (code == STORAGE_RESOURCES_EXCEEDED
        || (code == STORE_FAILED && description.contains("maximum bytes"))) {
      return new Failed(Cause.STREAM_FULL, description);
    }
    if (code == MESSAGE_EXCEEDS_MAXIMUM) {
      return new Failed(Cause.TOO_LARGE, description);
    }
    return new Failed(
        UNAVAILABLE.contains(code) ? Cause.UNAVAILABLE : Cause.REFUSED, code + " " + description);
  }
}
