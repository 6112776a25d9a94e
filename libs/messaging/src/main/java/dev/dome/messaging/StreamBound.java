package dev.dome.messaging;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * What the message server can store at most: atomic batches of 500 messages, one after the other,
 * into a file-backed stream of its own that is deleted afterwards.
 */
public final class StreamBound {
  private static final String STREAM = "DOME_BOUND";
  private static final String SUBJECT = "dome.bound";
  private static final int BATCH = 500;

  private StreamBound() {}

  /**
   * Messages stored in a second.
   *
   * @throws UncheckedIOException when the server cannot be asked
   * @throws StreamRefusedException when it refuses the stream
   * @throws IllegalStateException when it does not store a batch
   */
  public static double messagesPerSecond(NatsLink link, int messageBytes, Duration lasting) {
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
        return measured(link.atomicBatches(), messageBytes, lasting);
      } finally {
        management.deleteStream(STREAM);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("JetStream did not answer", e);
    } catch (JetStreamApiException e) {
      throw new StreamRefusedException(e);
    }
  }

  private static double measured(AtomicBatchPublisher batches, int messageBytes, Duration lasting) {
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
}
