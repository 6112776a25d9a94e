package dev.dome.kernel;

import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A circuit breaker: CLOSED until too many results of its window are failures that may pass or a
 * worker says how long to stay away, then OPEN, then HALF_OPEN until its probes say how it is. An
 * operator may hold it OPEN without end, and results then say nothing to it until it is resumed.
 * Immutable, without a clock: time is that of the results and of the timer, and never runs back.
 *
 * @param version rises with every change that runs must know, and is never below the epoch
 *     milliseconds of that change: a breaker whose record was begun anew goes on above all that
 *     runs were told before
 * @param sinceMs epoch milliseconds at which the phase began
 * @param untilMs epoch milliseconds at which it half-opens, null unless OPEN and not paused
 * @param passed probes of this HALF_OPEN phase that passed
 * @param observedAtMs the latest time seen, epoch milliseconds
 * @param window counts of the slices that may still matter, oldest first; empty unless CLOSED
 * @param steering the last word of an operator, null when none ever spoke
 */
public record Breaker(
    BreakerKey key,
    long version,
    BreakerPhase phase,
    BreakerCause cause,
    long sinceMs,
    Long untilMs,
    int passed,
    long observedAtMs,
    List<Slice> window,
    BreakerSteering steering) {
  /** A window moves by this part of its length. */
  public static final int SLICES = 12;

  private static final long MS_PER_SECOND = 1_000;

  /** The results of one slice of time; number is its start divided by its length. */
  public record Slice(long number, int results, int failures) {}

  /**
   * One result as breakers see it.
   *
   * @param atMs epoch milliseconds of its row
   * @param failed whether it is a failure that may pass; one that will not says nothing about what
   *     the breaker guards
   * @param retryAfterMs milliseconds to stay away, null or not above zero when the worker named
   *     none
   * @param probeVersion the version of this breaker that the attempt was a probe of, or null
   */
  public record Observation(long atMs, boolean failed, Long retryAfterMs, Long probeVersion) {

    /**
     * What a worker's report means.
     *
     * @param heedsRetryAfter whether the pause the worker asks for is for this breaker
     */
    public static Observation of(
        TaskResult result, long atMs, boolean heedsRetryAfter, Long probeVersion) {
      boolean failed = result.status() != ResultStatus.PASS && result.retryable();
      Long pauseMs = failed && heedsRetryAfter ? result.retryAfterMs() : null;
      return new Observation(atMs, failed, pauseMs, probeVersion);
    }

    private boolean asksToStayAway() {
      return retryAfterMs != null && retryAfterMs > 0;
    }

    private long awayMs() {
      return asksToStayAway() ? Math.min(retryAfterMs, RetryPolicy.MAX_RETRY_AFTER_MS) : 0;
    }
  }

  public Breaker {
    window = List.copyOf(window);
  }

  /**
   * Whether a pause that a worker asks for is for one of the breakers that guard its task: keys
   * name what the task depends on, so the queue heeds it only when there are none.
   */
  public static boolean heedsRetryAfter(BreakerKey key, List<BreakerKey> guards) {
    return guards.size() == 1 || !key.isQueue();
  }

  /** A breaker of which nothing is known: closed, at version 0. */
  public static Breaker unseen(BreakerKey key) {
    return new Breaker(
        key, 0, BreakerPhase.CLOSED, BreakerCause.NEW, 0, null, 0, 0, List.of(), null);
  }

  /** Whether an operator holds it open. */
  public boolean paused() {
    return phase == BreakerPhase.OPEN && untilMs == null;
  }

  /** After one more result; the version tells whether runs must be told. */
  public Breaker observe(BreakerPolicy policy, Observation seen) {
    long atMs = Math.max(observedAtMs, seen.atMs());
    return switch (phase) {
      case CLOSED -> counted(policy, seen, atMs);
      case OPEN -> paused() ? with(passed, atMs, window) : stayingAway(seen, atMs);
      case HALF_OPEN -> probed(policy, seen, atMs);
    };
  }

  /** Half-opens when its time is over at the given time; otherwise itself. */
  public Breaker due(long nowMs) {
    if (phase != BreakerPhase.OPEN || paused() || nowMs < untilMs) {
      return this;
    }
    return changed(
        BreakerPhase.HALF_OPEN, BreakerCause.OPEN_TIME_OVER, null, Math.max(observedAtMs, nowMs));
  }

  /** Held OPEN from now on; itself when it is paused already. */
  public Breaker pause(String actor, ReasonCode reasonCode, String comment, long nowMs) {
    return paused()
        ? this
        : steered(
            BreakerPhase.OPEN,
            BreakerCause.PAUSED,
            word(BreakerSteering.Action.PAUSED, actor, reasonCode, comment, nowMs));
  }

  /**
   * CLOSED from now on, whatever opened it; itself when it is closed already. One of which nothing
   * is known changes too, so that runs that know it as paused are told.
   */
  public Breaker resume(String actor, ReasonCode reasonCode, String comment, long nowMs) {
    return phase == BreakerPhase.CLOSED && version > 0
        ? this
        : steered(
            BreakerPhase.CLOSED,
            BreakerCause.RESUMED,
            word(BreakerSteering.Action.RESUMED, actor, reasonCode, comment, nowMs));
  }

  private BreakerSteering word(
      BreakerSteering.Action action,
      String actor,
      ReasonCode reasonCode,
      String comment,
      long nowMs) {
    long afterLastMs = steering == null ? 0 : steering.atMs() + 1;
    long atMs = Math.max(Math.max(observedAtMs, nowMs), afterLastMs);
    return new BreakerSteering(action, atMs, actor, reasonCode, comment);
  }

  private Breaker steered(BreakerPhase next, BreakerCause why, BreakerSteering word) {
    long atMs = word.atMs();
    return new Breaker(key, versionAt(atMs), next, why, atMs, null, 0, atMs, List.of(), word);
  }

  /**
   * After a run is seen to know it as the snapshot says: what is newer than this takes its place,
   * and so does a later word of an operator, even in an older snapshot. So a breaker whose record
   * was begun anew comes to know what runs wait for, and a pause outlasts what it counted
   * meanwhile.
   */
  public Breaker told(BreakerSnapshot snapshot) {
    BreakerSteering word = BreakerSteering.later(steering, snapshot.steering());
    boolean pausedNow = word != null && word.action() == BreakerSteering.Action.PAUSED;
    if (snapshot.version() > version && snapshot.paused() == pausedNow) {
      return asTold(snapshot, word);
    }
    if (snapshot.version() > version || paused() != pausedNow) {
      return overruled(Math.max(version, snapshot.version()) + 1, pausedNow, word);
    }
    return Objects.equals(word, steering)
        ? this
        : new Breaker(
            key, version, phase, cause, sinceMs, untilMs, passed, observedAtMs, window, word);
  }

  private Breaker asTold(BreakerSnapshot snapshot, BreakerSteering word) {
    return new Breaker(
        key,
        snapshot.version(),
        snapshot.phase(),
        BreakerCause.TOLD_BEFORE,
        snapshot.sinceMs(),
        snapshot.untilMs(),
        0,
        Math.max(observedAtMs, snapshot.sinceMs()),
        List.of(),
        word);
  }

  /** The operator's word holds against what was counted without it. */
  private Breaker overruled(long nextVersion, boolean pausedNow, BreakerSteering word) {
    return new Breaker(
        key,
        nextVersion,
        pausedNow ? BreakerPhase.OPEN : BreakerPhase.CLOSED,
        BreakerCause.TOLD_BEFORE,
        word.atMs(),
        null,
        0,
        Math.max(observedAtMs, word.atMs()),
        List.of(),
        word);
  }

  /** What runs are told. */
  public BreakerSnapshot snapshot(BreakerPolicy policy) {
    return new BreakerSnapshot(
        key,
        version,
        phase,
        sinceMs,
        untilMs,
        phase == BreakerPhase.HALF_OPEN ? (Integer) policy.probes() : null,
        steering == null ? null : steering.withoutComment());
  }

  private Breaker counted(BreakerPolicy policy, Observation seen, long atMs) {
    if (seen.asksToStayAway()) {
      return changed(BreakerPhase.OPEN, BreakerCause.RETRY_AFTER, atMs + seen.awayMs(), atMs);
    }
    List<Slice> counts = with(policy, seen.failed(), atMs);
    long results = 0;
    long failures = 0;
    for (Slice slice : counts) {
      results += slice.results();
      failures += slice.failures();
    }
    boolean opens =
        seen.failed()
            && results >= policy.minimumVolume()
            && failures * 100 >= results * policy.failurePercent();
    return opens
        ? changed(BreakerPhase.OPEN, BreakerCause.FAILURE_RATIO, atMs + policy.openMs(), atMs)
        : with(passed, atMs, counts);
  }

  private List<Slice> with(BreakerPolicy policy, boolean failed, long atMs) {
    long number = atMs / (policy.windowMs() / SLICES);
    List<Slice> counts = new ArrayList<>(SLICES);
    int results = 1;
    int failures = failed ? 1 : 0;
    for (Slice slice : window) {
      if (slice.number() == number) {
        results += slice.results();
        failures += slice.failures();
      } else if (slice.number() > number - SLICES && slice.number() < number) {
        counts.add(slice);
      }
    }
    counts.add(new Slice(number, results, failures));
    return counts;
  }

  /**
   * A later time to stay away until is heeded. It is rounded up to a second, so that a crowd of
   * attempts that were under way changes the breaker once a second at most.
   */
  private Breaker stayingAway(Observation seen, long atMs) {
    long asked = Math.ceilDiv(atMs + seen.awayMs(), MS_PER_SECOND) * MS_PER_SECOND;
    return seen.asksToStayAway() && atMs + seen.awayMs() > untilMs
        ? new Breaker(
            key,
            versionAt(atMs),
            phase,
            BreakerCause.RETRY_AFTER,
            sinceMs,
            asked,
            passed,
            atMs,
            window,
            steering)
        : with(passed, atMs, window);
  }

  /** Results of attempts that began before this phase are no probes and say nothing about it. */
  private Breaker probed(BreakerPolicy policy, Observation seen, long atMs) {
    boolean probe = seen.probeVersion() != null && seen.probeVersion() == version;
    if (seen.asksToStayAway()) {
      return changed(BreakerPhase.OPEN, BreakerCause.RETRY_AFTER, atMs + seen.awayMs(), atMs);
    }
    if (probe && seen.failed()) {
      return changed(BreakerPhase.OPEN, BreakerCause.PROBE_FAILED, atMs + policy.openMs(), atMs);
    }
    if (probe && passed + 1 >= policy.probes()) {
      return changed(BreakerPhase.CLOSED, BreakerCause.PROBES_PASSED, null, atMs);
    }
    return with(probe ? passed + 1 : passed, atMs, window);
  }

  private Breaker with(int nowPassed, long atMs, List<Slice> counts) {
    return new Breaker(
        key, version, phase, cause, sinceMs, untilMs, nowPassed, atMs, counts, steering);
  }

  private Breaker changed(BreakerPhase next, BreakerCause why, Long nextUntilMs, long atMs) {
    return new Breaker(
        key, versionAt(atMs), next, why, atMs, nextUntilMs, 0, atMs, List.of(), steering);
  }

  private long versionAt(long atMs) {
    return Math.max(version + 1, atMs);
  }
}
