package dev.dome.retryscheduler.api;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.kernel.Breaker;
import dev.dome.kernel.BreakerCause;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSteering;
import dev.dome.retryscheduler.application.BreakerChange;
import java.util.List;

/**
 * A breaker as clients see it.
 *
 * @param since RFC 3339 UTC, absent for one that never changed
 * @param until RFC 3339 UTC at which it half-opens, absent unless it is open and not paused
 * @param paused whether an operator holds it open
 * @param results counted in its window, with how many of them were failures that may pass; zero
 *     unless it is closed
 * @param steering the last word of an operator, absent when none ever spoke
 * @param changes the latest first, absent in a list
 */
public record BreakerView(
    BreakerKey key,
    BreakerPhase phase,
    BreakerCause cause,
    long version,
    String since,
    String until,
    boolean paused,
    long results,
    long failures,
    Steering steering,
    List<Change> changes) {

  /** What an operator did, when and why; {@code at} is RFC 3339 UTC. */
  public record Steering(
      BreakerSteering.Action action,
      String actor,
      ReasonCode reasonCode,
      String comment,
      String at) {

    static Steering of(BreakerSteering word) {
      return word == null
          ? null
          : new Steering(
              word.action(),
              word.actor(),
              word.reasonCode(),
              word.comment(),
              Timestamps.format(word.atMs()));
    }
  }

  /**
   * One change.
   *
   * @param steering the word of the operator who made it, absent when none did
   */
  public record Change(
      long version,
      BreakerPhase phase,
      BreakerCause cause,
      String since,
      String until,
      String policyVersion,
      Steering steering) {

    static Change of(BreakerChange change) {
      return new Change(
          change.breaker().version(),
          change.breaker().phase(),
          change.cause(),
          Timestamps.format(change.breaker().sinceMs()),
          time(change.breaker().untilMs()),
          change.policyVersion(),
          Steering.of(change.ownSteering()));
    }
  }

  static BreakerView brief(Breaker breaker) {
    return of(breaker, null);
  }

  static BreakerView whole(Breaker breaker, List<BreakerChange> changes) {
    return of(breaker, changes.stream().map(Change::of).toList());
  }

  private static BreakerView of(Breaker breaker, List<Change> changes) {
    return new BreakerView(
        breaker.key(),
        breaker.phase(),
        breaker.cause(),
        breaker.version(),
        breaker.version() == 0 ? null : Timestamps.format(breaker.sinceMs()),
        time(breaker.untilMs()),
        breaker.paused(),
        breaker.window().stream().mapToLong(Breaker.Slice::results).sum(),
        breaker.window().stream().mapToLong(Breaker.Slice::failures).sum(),
        Steering.of(breaker.steering()),
        changes);
  }

  private static String time(Long atMs) {
    return atMs == null ? null : Timestamps.format(atMs);
  }
}
