package dev.dome.messaging;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;

/**
 * Reads one lane of DOME_INBOX in order, from the message after a position, each once, across
 * reconnects and restarts of the server. The position lives with the lane's writer: nothing is
 * acknowledged here. A stream made anew is read from its beginning, and its messages carry the new
 * incarnation.
 */
public final class LaneInbox implements AutoCloseable {
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);

  /** Takes a lane's messages. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Called on one virtual thread, in order. May block to push back. After it throws, the same
     * message is delivered again.
     */
    void accept(InboxDelivery delivery) throws InterruptedException;
  }

  private final NatsLink link;
  private final Lane lane;
  private final Sink sink;
  private final ReadLoop loop;
  private InboxPosition position;

  private LaneInbox(NatsLink link, Lane lane, InboxPosition after, Sink sink) {
    this.link = link;
    this.lane = lane;
    this.position = after;
    this.sink = sink;
    this.loop =
        new ReadLoop(link, Subjects.INBOX_STREAM, "inbox-lane-" + lane.number(), new Source());
  }

  /** Starts reading after a position. */
  public static LaneInbox read(NatsLink link, Lane lane, InboxPosition after, Sink sink) {
    LaneInbox inbox = new LaneInbox(link, lane, after, sink);
    inbox.loop.start();
    return inbox;
  }

  public Lane lane() {
    return lane;
  }

  public ReaderState state() {
    return loop.state();
  }

  /** Stops reading, interrupting a sink that blocks; nothing is delivered after it returns. */
  @Override
  public void close() {
    loop.close();
  }

  private final class Source implements ReadLoop.Source {
    @Override
    public String open() throws IOException, JetStreamApiException {
      JetStreamManagement management =
          link.connection().jetStreamManagement(link.jetStreamOptions());
      String incarnation = incarnation(management);
      if (!incarnation.equals(position.incarnation())) {
        position = new InboxPosition(incarnation, 0);
      }
      ConsumerConfiguration fresh =
          ConsumerConfiguration.builder()
              .filterSubject(Subjects.inbox(lane))
              .ackPolicy(AckPolicy.None)
              .deliverPolicy(DeliverPolicy.ByStartSequence)
              .startSequence(position.sequence() + 1)
              .inactiveThreshold(FORGOTTEN_AFTER)
              .memStorage(true)
              .numReplicas(1)
              .build();
      String consumer = management.createConsumer(Subjects.INBOX_STREAM, fresh).getName();
      if (!incarnation(management).equals(incarnation)) {
        throw new IOException("the stream was made anew meanwhile");
      }
      return consumer;
    }

    @Override
    public void deliver(Message message) throws InterruptedException {
      InboxPosition next =
          new InboxPosition(position.incarnation(), message.metaData().streamSequence());
      sink.accept(new InboxDelivery(next, message.getData(), message.metaData().pendingCount()));
      position = next;
    }

    @Override
    public void idle() {
      // Every message was handed on as it came.
    }

    private String incarnation(JetStreamManagement management)
        throws IOException, JetStreamApiException {
      return Streams.createdAt(management.getStreamInfo(Subjects.INBOX_STREAM));
    }
  }
}
