package dev.dome.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * What one input leads to while it is being decided: each event is applied as soon as it is
 * recorded, so that the next decision sees the state it made.
 */
final class Proceedings {
  private final Context context;
  private final List<Event> events = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private RunDraft run;
  private long sequence;

  private Proceedings(RunDraft run, long inputSequence, Context context) {
    this.run = run;
    this.sequence = inputSequence;
    this.context = context;
  }

  static Proceedings ofNewRun(Context context) {
    return new Proceedings(null, 1, context);
  }

  static Proceedings of(RunState state, Context context) {
    return new Proceedings(new RunDraft(state), state.sequence() + 1, context);
  }

  void record(Event event) {
    sequence++;
    if (event instanceof Event.PlanWaveCreated planned) {
      run = RunDraft.planned(planned, sequence, context.observedAtMs());
    } else {
      run.apply(event, sequence, context.observedAtMs());
    }
    events.add(event);
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  RunDraft run() {
    return run;
  }

  long atMs() {
    return context.observedAtMs();
  }

  String actor() {
    return context.actor().subject();
  }

  /** The sequence the next recorded event will have. */
  long nextSequence() {
    return sequence + 1;
  }

  Deliberation accepted() {
    return new Deliberation(
        new Decision.Accepted(List.copyOf(events), List.copyOf(effects)), run.toState());
  }
}
