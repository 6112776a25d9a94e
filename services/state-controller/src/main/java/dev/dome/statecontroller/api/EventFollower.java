package dev.dome.statecontroller.api;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalRow;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.statecontroller.application.read.RunRecord;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A run's events as they are committed, each once and in order, read from the journal itself: a
 * follower of any replica sees the rows that any other one wrote.
 */
@ApplicationScoped
public class EventFollower {
  private static final String LAST_TOPIC = "run.completed";
  private static final int BATCH = 100;
  private static final long POLL_MS = 100;

  /** Below the minute after which proxies close a silent connection. */
  private static final int POLLS_TO_KEEP_ALIVE = 150;

  private final JournalReads journal;

  EventFollower(JournalReads journal) {
    this.journal = journal;
  }

  /** How far one follower is; touched by one subscription at a time. */
  private static final class Place {
    private final RunUid runUid;
    private long sequence;
    private int silentPolls;
    private boolean complete;

    private Place(RunUid runUid, long sequence, boolean complete) {
      this.runUid = runUid;
      this.sequence = sequence;
      this.complete = complete;
    }
  }

  /**
   * The events after a sequence; ends after run.completed, at once when that was seen already.
   *
   * @param run as it was when the request came
   */
  Multi<OutboundSseEvent> follow(RunRecord run, long afterSequence, Sse sse) {
    boolean seenAll = run.status().isFinal() && afterSequence >= run.sequence();
    return Multi.createBy()
        .repeating()
        .uni(
            () -> new Place(run.runUid(), afterSequence, seenAll),
            place -> next(place, sse).invoke(events -> place.silentPolls = 0))
        .whilst(events -> !events.isEmpty())
        .onItem()
        .disjoint();
  }

  /** The next events or a sign of life; empty at the end only. */
  private Uni<List<OutboundSseEvent>> next(Place place, Sse sse) {
    if (place.complete) {
      return Uni.createFrom().item(List.of());
    }
    return journal
        .events(place.runUid, place.sequence, BATCH)
        .chain(rows -> {
          if (!rows.isEmpty()) {
            return Uni.createFrom().item(advance(place, rows, sse));
          }
          if (++place.silentPolls >= POLLS_TO_KEEP_ALIVE) {
            return Uni.createFrom().item(List.of(sse.newEventBuilder().comment("").build()));
          }
          return ContextDelay.ofMillis(POLL_MS).chain(() -> next(place, sse));
        });
  }

  private static List<OutboundSseEvent> advance(Place place, List<JournalRow> rows, Sse sse) {
    EventEnvelope last = rows.getLast().envelope();
    place.sequence = last.sequence();
    place.complete = last.topic().equals(LAST_TOPIC);
    return rows.stream().map(row -> event(row.envelope(), sse)).toList();
  }

  private static OutboundSseEvent event(EventEnvelope envelope, Sse sse) {
    return sse.newEventBuilder()
        .id(Long.toString(envelope.sequence()))
        .name(envelope.topic())
        .data(String.class, new String(Json.write(envelope), StandardCharsets.UTF_8))
        .build();
  }
}
