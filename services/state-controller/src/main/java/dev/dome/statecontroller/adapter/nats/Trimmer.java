package dev.dome.statecontroller.adapter.nats;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.Streams;
import dev.dome.statecontroller.application.InboxCursor;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Drops from the streams what nobody will read again: of DOME_INBOX what is applied in the store,
 * of DOME_JOURNAL what every durable consumer of the lane has acknowledged. A journal lane without
 * a consumer is kept whole.
 */
public final class Trimmer {
  private final Streams streams;
  private final Map<String, Long> trimmed = new HashMap<>();

  public Trimmer(Streams streams) {
    this.streams = streams;
  }

  /**
   * Trims DOME_INBOX. Blocks on the server.
   *
   * @param cursors of the owned lanes, as committed
   */
  public void trimInbox(Map<Lane, InboxCursor> cursors) {
    String incarnation = streams.incarnation(Subjects.INBOX_STREAM);
    cursors.forEach((lane, cursor) -> {
      if (cursor.incarnation().equals(incarnation)) {
        purge(Subjects.INBOX_STREAM, incarnation, Subjects.inbox(lane), cursor.sequence());
      }
    });
  }

  /** Trims the owned lanes of DOME_JOURNAL. Blocks on the server. */
  public void trimJournal(Set<Lane> lanes) {
    String incarnation = streams.incarnation(Subjects.JOURNAL_STREAM);
    Map<String, Long> floors = streams.ackFloors(Subjects.JOURNAL_STREAM);
    for (Lane lane : lanes) {
      floor(floors, lane)
          .ifPresent(sequence ->
              purge(Subjects.JOURNAL_STREAM, incarnation, Subjects.journal(lane), sequence));
    }
  }

  private static OptionalLong floor(Map<String, Long> floors, Lane lane) {
    return floors.entrySet().stream()
        .filter(consumer -> consumer.getKey().endsWith("-lane-" + lane.number()))
        .mapToLong(Map.Entry::getValue)
        .min();
  }

  private void purge(String stream, String incarnation, String subject, long sequence) {
    String place = incarnation + " " + subject;
    if (sequence > trimmed.getOrDefault(place, 0L)) {
      streams.purgeUpTo(stream, subject, sequence);
      trimmed.put(place, sequence);
    }
  }
}
