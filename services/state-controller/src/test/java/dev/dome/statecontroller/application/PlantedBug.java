package dev.dome.statecontroller.application;

/**
 * Mistakes that a system like this one is known to make. The simulation makes one of them on
 * purpose, in the doubles around the code that runs in production and never in that code, and must
 * find it.
 */
public enum PlantedBug {
  /** The system as it is. */
  NONE,
  /** Somebody is answered before what he is told is durable. */
  ANSWER_BEFORE_COMMIT,
  /** An owner that was replaced goes on writing. */
  NO_FENCE,
  /** The inbox cursor moves in a transaction before the one of what the messages did. */
  CURSOR_BEFORE_EFFECT,
  /** Nobody looks whether a message was applied before. */
  SKIPPED_DEDUPE,
  /** Answers are not stored with what they answer. */
  ANSWER_NOT_STORED,
  /** A row takes a position that is not the next one. */
  WRONG_LANE_POSITION,
  /** A decision uses a time that is not the one that is recorded. */
  CONTEXT_NOT_RECORDED,
  /** A decision lists its events in another order each time. */
  UNORDERED_ITERATION,
  /** A report of an attempt that is over counts for the one under way. */
  LATE_RESULT_ACCEPTED,
  /** A run that has ended takes another event. */
  FINAL_IS_NOT_FINAL,
  /** The state beside the journal is not the one that the journal makes. */
  STATE_NOT_FOLDED,
  /** A claim that is repeated gets other tasks. */
  CLAIM_GRANTED_TWICE,
  /** A slot that somebody holds is given away again. */
  LIMIT_OVERBOOKED,
  /** A sweep does not know of a renewal. */
  LEASE_EXPIRED_EARLY,
  /** The journal's position moves although nobody acknowledged the rows. */
  PUBLISHED_WITHOUT_ACKNOWLEDGEMENT,
  /** The inbox is trimmed up to what was delivered instead of what was applied. */
  TRIMMER_TOO_EAGER,
  /** The inbox acknowledges what the disk gets two minutes later. */
  SYNC_INTERVAL_TWO_MINUTES,
  /** A wake-up that a row promised is not set. */
  LOST_TIMER,
  /** A timer fires before its time. */
  TIMER_TOO_EARLY,
  /** The cursor of a consumer moves in a transaction before the one of the effect. */
  CURSOR_OUTSIDE_TRANSACTION,
  /** Nobody compares a consumer's cursor, so that rows count twice. */
  CURSOR_NOT_COMPARED,
  /** A consumer goes on behind rows that did not come. */
  GAP_SKIPPED
}
