package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import java.util.ArrayList;
import java.util.List;

/** The decider: what an input means for a run. Every method is a pure function. */
public final class Kernel {
  /** The decider version new runs are pinned to. */
  public static final int DECIDER_VERSION = 1;

  private Kernel() {}

  /**
   * What the input means.
   *
   * @param state null for a submission, else the run's state
   */
  public static Decision decide(RunState state, Input input, Context context) {
    return Decider.decide(state, input, context).decision();
  }

  /**
   * The state after an event.
   *
   * @param state null for plan.wave.created
   * @param sequence of the event's row
   * @param atMs epoch milliseconds of the event's row
   */
  public static RunState evolve(RunState state, Event event, long sequence, long atMs) {
    if (state == null) {
      if (event instanceof Event.PlanWaveCreated planned) {
        return RunDraft.planned(planned, sequence, atMs).toState();
      }
      throw new IllegalArgumentException("expected a run for " + event.topic() + " but was none");
    }
    RunDraft draft = new RunDraft(state);
    draft.apply(event, sequence, atMs);
    return draft.toState();
  }

  /** Decides, applies, and gives the rows to append. */
  public static Step step(RunState state, Input input, Context context) {
    Deliberation deliberation = Decider.decide(state, input, context);
    Decision decision = deliberation.decision();
    return switch (decision) {
      case Decision.Accepted accepted ->
          new Step(
              deliberation.after(),
              decision,
              entries(state, deliberation.after(), input, context, accepted.events()),
              accepted.effects());
      case Decision.Rejected rejected ->
          new Step(
              deliberation.after(),
              decision,
              rejected.recorded().isEmpty()
                  ? List.of()
                  : entries(state, deliberation.after(), input, context, rejected.recorded()),
              List.of());
      case Decision.Ignored ignored -> new Step(state, decision, List.of(), List.of());
    };
  }

  private static List<JournalEntry> entries(
      RunState before, RunState after, Input input, Context context, List<Event> events) {
    RunUid runUid = after.runUid();
    RunId runId = after.runId();
    String ts = Timestamps.format(context.observedAtMs());
    long sequence = before == null ? 1 : before.sequence() + 1;
    List<JournalEntry> entries = new ArrayList<>(events.size() + 1);
    JsonNode recorded = new RecordedInput(input, context).payload();
    entries.add(
        new JournalEntry(
            JournalEntry.Kind.INPUT,
            envelope(runUid, runId, sequence, ts, input.topic(), recorded)));
    for (Event event : events) {
      sequence++;
      entries.add(
          new JournalEntry(
              JournalEntry.Kind.EVENT,
              envelope(runUid, runId, sequence, ts, event.topic(), Json.tree(event))));
    }
    return List.copyOf(entries);
  }

  private static EventEnvelope envelope(
      RunUid runUid, RunId runId, long sequence, String ts, String topic, JsonNode payload) {
    return new EventEnvelope(
        EventEnvelope.SCHEMA_VERSION,
        sequence,
        runUid.eventId(sequence),
        ts,
        topic,
        runId,
        payload);
  }
}
