package dev.dome.kernel;

/** What can move a run. */
public enum RunSignal {
  /** The first task was assigned. */
  START,
  /** Every task is settled. */
  GATE,
  /** The promotion decision asks for a human. */
  NEEDS_HUMAN,
  /** The promotion decision, a policy's or a human's, is to promote. */
  APPROVE,
  /** The promotion decision, a policy's or a human's, is not to promote. */
  REJECT,
  /** Somebody holds back what is not dispatched yet. */
  PAUSE,
  /** Somebody lets a paused run go on. */
  RESUME,
  /** Somebody ended the run. */
  CANCEL,
  /** The run's time is over. */
  EXPIRE
}
