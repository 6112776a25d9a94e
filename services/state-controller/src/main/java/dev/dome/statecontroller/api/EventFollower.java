package dev.dome.statecontroller.api;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalRow;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.statecontroller.application.read.RunRecord;
import dev.dome.web.ProblemException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * A run's events as they are committed, each once and in order, read from the journal itself: a
 * follower of any replica sees the rows that any other one wrote. Reading shares the connections of
 * the lane writer, so a silent run is looked at ever more rarely, and there are only so many
 * followers.
 */
@ApplicationScoped
public class EventFollower {
  private static final String LAST_TOPIC = "run.completed";
  private static final int BATCH = 100;
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 1_000;

  /** Below the minute after which proxies close a silent connection. */
  private static final long KEEP_ALIVE_MS = 15_000;

  private static final ReasonCode OVERLOADED = new ReasonCode("INFRA.OVERLOADED");
  private static final int RETRY_AFTER_SECONDS = 5;

  private final JournalReads journal;
  private final Semaphore places;

  EventFollower(JournalReads journal, @ConfigProperty(name = "dome.events.max-followers") int max) {
    this.journal = journal;
    this.places = new Semaphore(max);
  }

  /** How far one follower is; touched by one subscription at a time. */
  private static final class Place {
    private final RunUid runUid;
    private long sequence;
    private long pauseMs = FIRST_PAUSE_MS;
    private long silentMs;
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
   * @param run as it is when the request comes
   * @throws ProblemException when there are as many followers as may be
   */
  Multi<OutboundSseEvent> follow(Uni<RunRecord> run, long afterSequence, Sse sse) {
    if (!places.tryAcquire()) {
      throw ProblemException.unavailable(
          OVERLOADED, "As many followers as may be follow runs here.", RETRY_AFTER_SECONDS);
    }
    return run.onItem()
        .transformToMulti(found -> follow(found, afterSequence, sse))
        .onTermination()
        .invoke(() -> places.release());
  }

  private Multi<OutboundSseEvent> follow(RunRecord run, long afterSequence, Sse sse) {
    boolean seenAll = run.status().isFinal() && afterSequence >= run.sequence();
    return Multi.createBy()
        .repeating()
        .uni(
            () -> new Place(run.runUid(), afterSequence, seenAll),
            place -> next(place, sse).invoke(events -> place.silentMs = 0))
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
          long pauseMs = place.pauseMs;
          place.pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs + pauseMs / 4);
          place.silentMs += pauseMs;
          if (place.silentMs >= KEEP_ALIVE_MS) {
            return Uni.createFrom().item(List.of(sse.newEventBuilder().comment("").build()));
          }
          return ContextDelay.ofMillis(pauseMs).chain(() -> next(place, sse));
        });
  }

  private static List<OutboundSseEvent> advance(Place place, List<JournalRow> rows, Sse sse) {
    EventEnvelope last = rows.getLast().envelope();
    place.sequence = last.sequence();
    place.pauseMs = FIRST_PAUSE_MS;
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
