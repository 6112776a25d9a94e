package dev.dome.messaging;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;

/**
 * What the message server can store at most, in a file-backed stream of its own that is deleted
 * afterwards. Whether it syncs before it acknowledges is the server's setting, as for every stream.
 */
public final class StreamBound {
  private static final String STREAM = "DOME_BOUND";
  private static final String SUBJECT = "dome.bound";
  private static final int BATCH = 500;

  private StreamBound() {}

  /**
   * Messages stored in a second by atomic batches of 500, one after the other.
   *
   * @throws UncheckedIOException when the server cannot be asked
   * @throws StreamRefusedException when it refuses the stream
   * @throws IllegalStateException when it does not store a batch
   */
  public static double messagesPerSecond(NatsLink link, int messageBytes, Duration lasting) {
    return on(link, () -> batched(link.atomicBatches(), messageBytes, lasting));
  }

  /**
   * Messages stored in a second, each published and acknowledged by itself.
   *
   * @param window how many wait for their acknowledgement at a time
   * @throws UncheckedIOException when the server cannot be asked
   * @throws StreamRefusedException when it refuses the stream
   * @throws IllegalStateException when it does not store a message
   */
  public static double publishesPerSecond(
      NatsLink link, int messageBytes, int window, Duration lasting) {
    return on(link, () -> single(link, messageBytes, window, lasting));
  }

  private static double on(NatsLink link, DoubleSupplier measurement) {
    try {
      JetStreamManagement management =
          link.connection().jetStreamManagement(link.jetStreamOptions());
      management.addStream(
          StreamConfiguration.builder()
              .name(STREAM)
              .subjects(SUBJECT)
              .storageType(StorageType.File)
              .maxBytes(256L << 20)
              .allowAtomicPublish()
              .build());
      try {
        return measurement.getAsDouble();
      } finally {
        management.deleteStream(STREAM);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("JetStream did not answer", e);
    } catch (JetStreamApiException e) {
      throw new StreamRefusedException(e);
    }
  }

  private static double batched(AtomicBatchPublisher batches, int messageBytes, Duration lasting) {
    List<byte[]> batch = Collections.nCopies(BATCH, new byte[messageBytes]);
    long start = System.nanoTime();
    long stored = 0;
    while (System.nanoTime() - start < lasting.toNanos()) {
      Publication publication = batches.publish(SUBJECT, batch).join();
      if (!(publication instanceof Publication.Stored)) {
        throw new IllegalStateException("a batch was not stored: " + publication);
      }
      stored += BATCH;
    }
    return stored * 1e9 / (System.nanoTime() - start);
  }

  private static double single(NatsLink link, int messageBytes, int window, Duration lasting) {
    byte[] body = new byte[messageBytes];
    Deque<CompletableFuture<Publication>> waiting = new ArrayDeque<>();
    long start = System.nanoTime();
    long stored = 0;
    boolean more = true;
    while (more || !waiting.isEmpty()) {
      more = System.nanoTime() - start < lasting.toNanos();
      if (more && waiting.size() < window) {
        waiting.add(Acknowledgements.request(link, SUBJECT, null, body, link.budget().publish()));
      } else if (!(waiting.remove().join() instanceof Publication.Stored)) {
        throw new IllegalStateException("a message was not stored");
      } else {
        stored++;
      }
    }
    return stored * 1e9 / (System.nanoTime() - start);
  }
}
