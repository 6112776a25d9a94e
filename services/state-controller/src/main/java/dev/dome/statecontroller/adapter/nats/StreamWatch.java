package dev.dome.statecontroller.adapter.nats;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.StreamUsage;
import dev.dome.messaging.Streams;
import dev.dome.messaging.StreamsConfig;
import dev.dome.statecontroller.application.InboxCursor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Makes a stream that is gone again, and says what went with it. DOME_JOURNAL is a copy of the
 * table, so nothing did. Of DOME_INBOX, messages that were accepted and not applied are gone; how
 * many is known as well as the last look at the stream and the lanes' cursors tell. A stream that
 * somebody else made again is noticed too, by its incarnation. For one thread.
 */
public final class StreamWatch {
  /** Counts losses, by stream and as each replica notices them. */
  public static final String LOST = "dome.streams.lost";

  private static final Logger LOG = Logger.getLogger(StreamWatch.class);

  private final Streams streams;
  private final StreamsConfig wanted;
  private final Supplier<Map<Lane, InboxCursor>> cursors;
  private final MeterRegistry registry;
  private Seen inbox;
  private String journal;

  /** DOME_INBOX as last looked at; a sequence of -1 is one that nobody looked at. */
  private record Seen(String incarnation, long lastSequence) {}

  /**
   * A watch that has seen nothing yet.
   *
   * @param cursors of every lane, as committed; may throw while the store is away
   */
  public StreamWatch(
      Streams streams,
      StreamsConfig wanted,
      Supplier<Map<Lane, InboxCursor>> cursors,
      MeterRegistry registry) {
    this.streams = streams;
    this.wanted = wanted;
    this.cursors = cursors;
    this.registry = registry;
    lost(Subjects.INBOX_STREAM);
    lost(Subjects.JOURNAL_STREAM);
  }

  /** One look. Blocks on the server. */
  public void look() {
    for (String stream : streams.restore(wanted)) {
      LOG.warnf("stream was gone and is made again stream=%s", stream);
    }
    lookAtJournal(streams.incarnation(Subjects.JOURNAL_STREAM));
    lookAtInbox(streams.usage(Subjects.INBOX_STREAM));
  }

  private void lookAtInbox(StreamUsage now) {
    Seen before = inbox == null ? appliedBefore(now.incarnation()) : inbox;
    inbox = new Seen(now.incarnation(), now.lastSequence());
    if (!before.incarnation().equals(now.incarnation())) {
      count(Subjects.INBOX_STREAM);
      tellLost(before);
    }
  }

  /** After a start, the lanes' cursors are all that is known of the stream's life before. */
  private Seen appliedBefore(String incarnation) {
    List<String> lives =
        cursors.get().values().stream()
            .map(InboxCursor::incarnation)
            .filter(life -> !life.isEmpty())
            .sorted()
            .toList();
    return lives.isEmpty() || lives.contains(incarnation)
        ? new Seen(incarnation, -1)
        : new Seen(lives.getLast(), -1);
  }

  private void lookAtJournal(String now) {
    if (journal != null && !journal.equals(now)) {
      count(Subjects.JOURNAL_STREAM);
      LOG.warnf(
          "journal stream was made anew and is published again from the table lost=%s now=%s",
          journal, now);
    }
    journal = now;
  }

  private void tellLost(Seen lost) {
    LOG.errorf(
        "inbox stream was lost with what was accepted and not applied"
            + " incarnation=%s last_sequence_known=%s applied=%s",
        lost.incarnation(),
        lost.lastSequence() < 0 ? "unknown" : Long.toString(lost.lastSequence()),
        applied(lost.incarnation()));
  }

  /** How far each lane had applied that life of the stream, as {@code lane:sequence}. */
  private String applied(String incarnation) {
    try {
      return cursors.get().entrySet().stream()
          .filter(lane -> lane.getValue().incarnation().equals(incarnation))
          .map(lane -> lane.getKey() + ":" + lane.getValue().sequence())
          .collect(Collectors.joining(","));
    } catch (RuntimeException e) {
      LOG.debug("the lanes' cursors cannot be read", e);
      return "unknown";
    }
  }

  private void count(String stream) {
    lost(stream).increment();
  }

  private Counter lost(String stream) {
    return Counter.builder(LOST)
        .description("Times a stream was gone and was made again")
        .tag("stream", stream)
        .register(registry);
  }
}
