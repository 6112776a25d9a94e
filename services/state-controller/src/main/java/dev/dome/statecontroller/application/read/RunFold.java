package dev.dome.statecontroller.application.read;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.kernel.Event;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.RunState;
import java.util.List;

/** A run's state from its journal, the same way a lane's new owner gets it. */
public final class RunFold {
  private RunFold() {}

  /**
   * The state after the events.
   *
   * @param events the EVENT rows of one run from its first, in order
   * @throws IllegalArgumentException when there are none
   */
  public static RunState of(List<JournalRow> events) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("a stored run has at least one event");
    }
    RunState state = null;
    for (JournalRow row : events) {
      EventEnvelope envelope = row.envelope();
      Event event = Event.read(envelope.topic(), envelope.payload());
      state = Kernel.evolve(state, event, envelope.sequence(), Timestamps.parse(envelope.ts()));
    }
    return state;
  }
}
