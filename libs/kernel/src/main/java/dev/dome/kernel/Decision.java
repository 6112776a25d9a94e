package dev.dome.kernel;

import java.util.List;

/** What the kernel makes of one input. */
public sealed interface Decision {
  /** The events follow; never empty. */
  record Accepted(List<Event> events, List<Effect> effects) implements Decision {}

  /**
   * Nothing changes but the record of it.
   *
   * @param recorded a transition.rejected event to append, or empty when the run is final, fenced
   *     or does not exist and its journal must not grow
   */
  record Rejected(Rejection rejection, List<Event> recorded) implements Decision {}

  /** A stale timer or a repeated sign of life: nothing happens and nothing is recorded. */
  record Ignored() implements Decision {}
}
