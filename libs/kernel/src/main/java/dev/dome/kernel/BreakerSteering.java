package dev.dome.kernel;

import dev.dome.contracts.id.ReasonCode;

/**
 * The last word of an operator on a breaker. What results say never overrules it, and of two words
 * the later one holds.
 *
 * @param atMs epoch milliseconds, later than those of every word before
 * @param actor the operator's subject
 * @param comment in the operator's words, null when there was none; runs are not told
 */
public record BreakerSteering(
    Action action, long atMs, String actor, ReasonCode reasonCode, String comment) {

  /** What operators can do to a breaker. */
  public enum Action {
    /** Hold back what it guards until it is resumed. */
    PAUSED,
    /** Let through what it guards, as if it were new. */
    RESUMED
  }

  /** The later of two words, either of which may be null. */
  static BreakerSteering later(BreakerSteering one, BreakerSteering other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.atMs() > one.atMs() ? other : one;
  }

  /** What runs are told of it. */
  public BreakerSteering withoutComment() {
    return new BreakerSteering(action, atMs, actor, reasonCode, null);
  }
}
