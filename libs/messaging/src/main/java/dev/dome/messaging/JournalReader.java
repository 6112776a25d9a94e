package dev.dome.messaging;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.PublishedRows;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads one lane of DOME_JOURNAL for one service, in batches, one at a time. The service's own
 * cursor says what was applied: repeats are dropped here, and missing rows are shown as the batch's
 * gap. The durable consumer {@code <service>-lane-<n>} is acknowledged after the service's
 * transaction, which tells the trimmer what may go.
 *
 * <p>One process per service may read a lane; a second one makes both start again in turns.
 */
public final class JournalReader implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(JournalReader.class.getName());
  private static final int CONSUMER_NOT_FOUND = 10014;

  /** Order is kept by starting again, so the server's own redelivery is only the last resort. */
  private static final Duration REDELIVER_AFTER = Duration.ofMinutes(10);

  /**
   * How often a reader acknowledges at most. Only the trimmer and the lag look at it, and the
   * server writes and syncs a file for each acknowledgement.
   */
  private static final long ACKNOWLEDGE_EVERY_NS = TimeUnit.SECONDS.toNanos(1);

  /** Pause after the first failure to fetch what the stream lacks; it doubles five times. */
  private static final long CATCH_UP_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  /**
   * What the stream lacks is asked for when the process has had time to start: there is nearly
   * always nothing, and each lane of each service asks the one owner.
   */
  private static final long CATCH_UP_AFTER_NS = TimeUnit.SECONDS.toNanos(3);

  private static final int MAX_DOUBLINGS = 5;

  /** Applies a batch. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Completes when the transaction with the rows' effects and the cursor is committed. After a
     * failure the cursor is asked again and reading starts behind it.
     */
    CompletionStage<Void> apply(JournalBatch batch);

    /**
     * Applies what the lane holds beyond the position. Called when the stream has nothing to give,
     * after a start and after a message without rows: what was trimmed, acknowledged before the
     * service lost it, or larger than a message, would else wait for the lane's next row. Completes
     * with the position reached; after a failure it is called again soon.
     */
    default CompletionStage<Long> beyond(Lane lane, long position) {
      return CompletableFuture.completedStage(position);
    }
  }

  private final NatsLink link;
  private final String consumer;
  private final Lane lane;
  private final CursorSource cursor;
  private final Handler handler;
  private final ReadLoop loop;
  private final List<PublishedRow> rows = new ArrayList<>();
  private Message unacknowledged;
  private long acknowledgedAtNs = System.nanoTime() - ACKNOWLEDGE_EVERY_NS;
  private long pending;
  private boolean caughtUp;
  private int catchUpFailures;
  private long catchUpAtNs = System.nanoTime() + CATCH_UP_AFTER_NS;
  private volatile long position;

  private JournalReader(
      NatsLink link, String service, Lane lane, CursorSource cursor, Handler handler) {
    this.link = link;
    this.consumer = service + "-lane-" + lane.number();
    this.lane = lane;
    this.cursor = cursor;
    this.handler = handler;
    this.loop = new ReadLoop(link, Subjects.JOURNAL_STREAM, consumer, new Source());
  }

  /** Starts reading behind the service's cursor. */
  public static JournalReader read(
      NatsLink link, String service, Lane lane, CursorSource cursor, Handler handler) {
    JournalReader reader = new JournalReader(link, service, lane, cursor, handler);
    reader.loop.start();
    return reader;
  }

  public Lane lane() {
    return lane;
  }

  public ReaderState state() {
    return loop.state();
  }

  /** Lane position of the last row that was applied, as far as this reader knows. */
  public long position() {
    return position;
  }

  /** Stops reading; a batch under way is not waited for and not acknowledged. */
  @Override
  public void close() {
    loop.close();
  }

  private final class Source implements ReadLoop.Source {
    @Override
    public String open() throws IOException, JetStreamApiException, InterruptedException {
      rows.clear();
      pending = 0;
      caughtUp = false;
      unacknowledged = null;
      position = committedPosition();
      JetStreamManagement management =
          link.connection().jetStreamManagement(link.jetStreamOptions());
      long floor = dropConsumer(management);
      // A service that has lost everything reads everything again, whatever it had acknowledged.
      management.createConsumer(Subjects.JOURNAL_STREAM, consumerAfter(position == 0 ? 0 : floor));
      return consumer;
    }

    @Override
    public void deliver(Message message) throws InterruptedException {
      List<PublishedRow> parsed = parse(message);
      if (parsed.isEmpty()) {
        apply();
        caughtUp = false;
      }
      for (PublishedRow row : parsed) {
        long expected = position + rows.size() + 1;
        if (row.lanePosition() > expected) {
          apply();
        }
        if (row.lanePosition() >= expected) {
          rows.add(row);
        }
      }
      unacknowledged = message;
      pending = message.metaData().pendingCount();
      if (rows.size() >= link.budget().pullMessages()) {
        apply();
      }
    }

    @Override
    public void idle() throws InterruptedException {
      apply();
      if (!caughtUp && pending == 0 && System.nanoTime() - catchUpAtNs >= 0) {
        catchUp();
      }
    }
  }

  private long committedPosition() throws IOException, InterruptedException {
    try {
      return cursor
          .position(lane)
          .toCompletableFuture()
          .get(link.budget().requestMs(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the cursor cannot be read", e);
    }
  }

  /**
   * Deletes the durable consumer, because rows delivered to a process that died would come late and
   * out of order. Returns the stream sequence it had acknowledged.
   */
  private long dropConsumer(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    try {
      long floor =
          management
              .getConsumerInfo(Subjects.JOURNAL_STREAM, consumer)
              .getAckFloor()
              .getStreamSequence();
      management.deleteConsumer(Subjects.JOURNAL_STREAM, consumer);
      return floor;
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == CONSUMER_NOT_FOUND) {
        return 0;
      }
      throw e;
    }
  }

  private ConsumerConfiguration consumerAfter(long floor) {
    return ConsumerConfiguration.builder()
        .durable(consumer)
        .filterSubject(Subjects.journal(lane))
        .ackPolicy(AckPolicy.All)
        .ackWait(REDELIVER_AFTER)
        .maxAckPending(-1)
        .deliverPolicy(DeliverPolicy.ByStartSequence)
        .startSequence(floor + 1)
        .build();
  }

  /** What a message without rows stands for is asked of the journal's owner. */
  private List<PublishedRow> parse(Message message) {
    try {
      List<PublishedRow> parsed = rows(message.getData());
      if (parsed.stream().allMatch(row -> row.lane().equals(lane))) {
        return parsed;
      }
      LOG.log(Level.ERROR, "a journal row is in the wrong lane consumer={0}", consumer);
    } catch (IllegalArgumentException e) {
      LOG.log(Level.ERROR, "a journal message has no rows consumer={0}", consumer);
    }
    return List.of();
  }

  /** A stream may still hold messages of one bare row each, as they once were published. */
  private static List<PublishedRow> rows(byte[] message) {
    try {
      return Json.read(message, PublishedRows.class).rows();
    } catch (IllegalArgumentException other) {
      return List.of(Json.read(message, PublishedRow.class));
    }
  }

  private void catchUp() throws InterruptedException {
    try {
      // Whoever failed may have got some of it, and another process may have moved on.
      long from = catchUpFailures == 0 ? position : committedPosition();
      position = handler.beyond(lane, from).toCompletableFuture().get();
      caughtUp = true;
      catchUpFailures = 0;
    } catch (ExecutionException | IOException e) {
      long pauseNs = CATCH_UP_PAUSE_NS << Math.min(catchUpFailures, MAX_DOUBLINGS);
      catchUpFailures++;
      catchUpAtNs = System.nanoTime() + pauseNs;
      LOG.log(
          Level.INFO,
          "what the stream lacks is not there yet consumer={0} cause={1}",
          consumer,
          e.getCause() == null ? e.getMessage() : e.getCause().getClass().getSimpleName());
    }
  }

  private void apply() throws InterruptedException {
    if (!rows.isEmpty()) {
      JournalBatch batch = new JournalBatch(lane, position, rows);
      rows.clear();
      try {
        handler.apply(batch).toCompletableFuture().get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the batch was not applied", e.getCause());
      }
      position = batch.last();
      // Everything up to here is applied, and what comes later comes by the stream.
      caughtUp = true;
    }
    long now = System.nanoTime();
    if (unacknowledged != null && now - acknowledgedAtNs >= ACKNOWLEDGE_EVERY_NS) {
      unacknowledged.ack();
      unacknowledged = null;
      acknowledgedAtNs = now;
    }
  }
}
