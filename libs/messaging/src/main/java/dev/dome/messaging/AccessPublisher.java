package dev.dome.messaging;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.Subjects;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Puts batches of access decisions into DOME_ACCESS. A batch published again within {@link
 * #REPEATS_KNOWN_FOR} is stored once.
 */
public final class AccessPublisher {
  /** How long the stream recognises a batch id. */
  public static final Duration REPEATS_KNOWN_FOR = Duration.ofMinutes(2);

  private final NatsLink link;

  AccessPublisher(NatsLink link) {
    this.link = link;
  }

  /** Publishes; the future completes on a NATS thread, which must not be blocked. */
  public CompletableFuture<Publication> publish(AccessBatch batch) {
    return Acknowledgements.request(
        link,
        Subjects.ACCESS,
        new Headers().put(NatsJetStreamConstants.MSG_ID_HDR, batch.batchId()),
        Json.write(batch),
        link.budget().publish());
  }
}
