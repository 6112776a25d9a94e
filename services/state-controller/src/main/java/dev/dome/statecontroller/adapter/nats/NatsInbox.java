package dev.dome.statecontroller.adapter.nats;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.InboxDelivery;
import dev.dome.messaging.InboxPosition;
import dev.dome.messaging.LaneInbox;
import dev.dome.messaging.NatsLink;
import dev.dome.statecontroller.application.Command;
import dev.dome.statecontroller.application.Inbox;
import dev.dome.statecontroller.application.InboxCursor;
import dev.dome.statecontroller.application.Mailbox;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the owned lanes of DOME_INBOX and listens to their heartbeats. A reader waits while the
 * mailbox is full, so that the stream is the only place where messages pile up.
 */
public final class NatsInbox implements Inbox {
  private final NatsLink link;
  private final CoreMessages core;
  private final Mailbox mailbox;
  private final Map<Lane, Open> open = new ConcurrentHashMap<>();

  private record Open(LaneInbox messages, CoreMessages.Listening heartbeats, AtomicLong pending) {}

  public NatsInbox(NatsLink link, CoreMessages core, Mailbox mailbox) {
    this.link = link;
    this.core = core;
    this.mailbox = mailbox;
  }

  @Override
  public void open(Lane lane, long reader, InboxCursor after) {
    AtomicLong pending = new AtomicLong();
    LaneInbox messages =
        LaneInbox.read(
            link,
            lane,
            new InboxPosition(after.incarnation(), after.sequence()),
            delivery -> {
              pending.set(delivery.pending());
              mailbox.put(command(lane, reader, delivery));
            });
    open.put(
        lane, new Open(messages, core.listen(Subjects.heartbeats(lane), this::heard), pending));
  }

  private static Command command(Lane lane, long reader, InboxDelivery delivery) {
    return new Command.Delivery(
        lane,
        reader,
        delivery.position().incarnation(),
        delivery.position().sequence(),
        delivery.body());
  }

  /** Without room the heartbeat is dropped: its asker repeats it well before the lease is over. */
  private void heard(CoreMessages.Incoming message) {
    if (message.replyTo() != null) {
      mailbox.offer(
          new Command.HeartbeatAsked(
              Json.read(message.body(), Claim.Heartbeat.class), message.replyTo()));
    }
  }

  /** Ends the reader on a thread of its own, because it may be waiting for the server. */
  @Override
  public void close(Lane lane) {
    Open gone = open.remove(lane);
    if (gone != null) {
      gone.heartbeats().close();
      Thread.ofVirtual().name("close-inbox-lane-" + lane.number()).start(gone.messages()::close);
    }
  }

  /** Messages the server holds for the owned lanes beyond those that were delivered. */
  public long pending() {
    return open.values().stream().mapToLong(lane -> lane.pending().get()).sum();
  }
}
