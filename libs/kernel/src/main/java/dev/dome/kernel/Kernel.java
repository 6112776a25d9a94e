package dev.dome.kernel;

/** The decider: what an input means for a run. Every method is a pure function. */
@SuppressWarnings("DoNotCallSuggester")
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
    throw new UnsupportedOperationException();
  }

  /**
   * The state after an event.
   *
   * @param state null for plan.wave.created
   * @param sequence of the event's row
   * @param atMs epoch milliseconds of the event's row
   */
  public static RunState evolve(RunState state, Event event, long sequence, long atMs) {
    throw new UnsupportedOperationException();
  }

  /** Decides, applies, and gives the rows to append. */
  public static Step step(RunState state, Input input, Context context) {
    throw new UnsupportedOperationException();
  }
}
