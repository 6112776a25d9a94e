package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.ReasonCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final BreakerKey KEY = new BreakerKey("queue:default");
  private static final BreakerPolicy POLICY = new BreakerPolicy("test", 60_000, 4, 50, 30_000, 2);
  private static final long START_MS = 1_795_000_000_000L;

  @Test
  void opensAtTheThresholdAndNotBefore() {
    Breaker breaker = after(Breaker.unseen(KEY), "ppf");
    assertThat(breaker.phase()).isEqualTo(BreakerPhase.CLOSED);
    Breaker opened = after(breaker, "f");
    assertThat(opened.phase()).isEqualTo(BreakerPhase.OPEN);
    assertThat(opened.cause()).isEqualTo(BreakerCause.FAILURE_RATIO);
    assertThat(opened.version()).isEqualTo(START_MS);
    assertThat(opened.untilMs()).isEqualTo(opened.sinceMs() + 30_000);
    assertThat(after(Breaker.unseen(KEY), "pppff").phase()).isEqualTo(BreakerPhase.CLOSED);
  }

  @Test
  void fewResultsSayNothing() {
    assertThat(after(Breaker.unseen(KEY), "fff").phase()).isEqualTo(BreakerPhase.CLOSED);
  }

  @Test
  void resultsLeaveTheWindow() {
    Breaker old = after(Breaker.unseen(KEY), "fff");
    Breaker later = old.observe(POLICY, seen(START_MS + 60_000, true, null, null));
    assertThat(later.phase()).isEqualTo(BreakerPhase.CLOSED);
    assertThat(later.window()).hasSize(1);
    assertThat(old.observe(POLICY, seen(START_MS + 54_000, true, null, null)).phase())
        .isEqualTo(BreakerPhase.OPEN);
  }

  @Test
  void aFailureThatWillNotPassIsNoneOfTheBreakersBusiness() {
    var lasting = RunScript.result("a", ResultStatus.FAIL, "EXEC.NONZERO_EXIT", null, 9_000L);
    var passing = RunScript.result("a", ResultStatus.FAIL, "TRANSIENT.NETWORK", null, 9_000L);
    assertThat(Breaker.Observation.of(lasting, 5, true, null))
        .isEqualTo(new Breaker.Observation(5, false, null, null));
    assertThat(Breaker.Observation.of(passing, 5, true, 3L))
        .isEqualTo(new Breaker.Observation(5, true, 9_000L, 3L));
    assertThat(Breaker.Observation.of(passing, 5, false, null).retryAfterMs()).isNull();
  }

  @Test
  void aRetryAfterOpensAtOnceAndForExactlyThatLong() {
    Breaker opened = Breaker.unseen(KEY).observe(POLICY, seen(START_MS, true, 1_234L, null));
    assertThat(opened.cause()).isEqualTo(BreakerCause.RETRY_AFTER);
    assertThat(opened.untilMs()).isEqualTo(START_MS + 1_234);
    assertThat(opened.due(START_MS + 1_233)).isSameAs(opened);
    assertThat(opened.due(START_MS + 1_234).phase()).isEqualTo(BreakerPhase.HALF_OPEN);
  }

  @Test
  void aPauseIsForTheKeysATaskNamesAndElseForItsQueue() {
    BreakerKey host = BreakerKey.ofKey("host:x");
    assertThat(Breaker.heedsRetryAfter(KEY, List.of(KEY))).isTrue();
    assertThat(Breaker.heedsRetryAfter(KEY, List.of(KEY, host))).isFalse();
    assertThat(Breaker.heedsRetryAfter(host, List.of(KEY, host))).isTrue();
  }

  @Test
  void aLongerRetryAfterKeepsAnOpenBreakerOpenToTheNextSecond() {
    Breaker opened = Breaker.unseen(KEY).observe(POLICY, seen(START_MS, true, 1_000L, null));
    Breaker longer = opened.observe(POLICY, seen(START_MS + 10, true, 2_000L, null));
    assertThat(longer.version()).isEqualTo(START_MS + 10);
    assertThat(longer.untilMs()).isEqualTo(START_MS + 3_000);
    Breaker again = longer.observe(POLICY, seen(START_MS + 500, true, 2_500L, null));
    assertThat(again.version()).isEqualTo(longer.version());
    assertThat(again.untilMs()).isEqualTo(longer.untilMs());
  }

  @Test
  void asManyProbesMustPassAsThereAre() {
    Breaker half = halfOpen();
    Breaker one = half.observe(POLICY, seen(half.sinceMs(), false, null, half.version()));
    assertThat(one.version()).isEqualTo(half.version());
    Breaker closed = one.observe(POLICY, seen(half.sinceMs(), false, null, half.version()));
    assertThat(closed.phase()).isEqualTo(BreakerPhase.CLOSED);
    assertThat(closed.cause()).isEqualTo(BreakerCause.PROBES_PASSED);
    assertThat(closed.window()).isEmpty();
  }

  @Test
  void oneFailedProbeOpensAgain() {
    Breaker half = halfOpen();
    Breaker open = half.observe(POLICY, seen(half.sinceMs() + 7, true, null, half.version()));
    assertThat(open.phase()).isEqualTo(BreakerPhase.OPEN);
    assertThat(open.untilMs()).isEqualTo(half.sinceMs() + 7 + 30_000);
  }

  @Test
  void whatBeganBeforeItHalfOpenedIsNoProbe() {
    Breaker half = halfOpen();
    Breaker same =
        half.observe(POLICY, seen(half.sinceMs(), true, null, null))
            .observe(POLICY, seen(half.sinceMs(), false, null, half.version() - 2))
            .observe(POLICY, seen(half.sinceMs(), true, null, half.version() - 2));
    assertThat(same.phase()).isEqualTo(BreakerPhase.HALF_OPEN);
    assertThat(same.passed()).isZero();
  }

  @Test
  void oneThatIsBegunAnewGoesOnAboveWhatRunsWereTold() {
    BreakerSnapshot told = after(Breaker.unseen(KEY), "ffff").snapshot(POLICY);
    Breaker anew = Breaker.unseen(KEY).told(told);

    assertThat(anew.snapshot(POLICY)).isEqualTo(told);
    assertThat(anew.cause()).isEqualTo(BreakerCause.TOLD_BEFORE);
    assertThat(anew.told(told)).isSameAs(anew);
    Breaker half = anew.due(told.untilMs());
    assertThat(half.version()).isGreaterThan(told.version());
    assertThat(half.told(told)).isSameAs(half);
  }

  @Test
  void policiesThatCannotBeMeantAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new BreakerPolicy("x", 1, 1, 50, 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BreakerPolicy("x", 1_000, 1, 101, 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BreakerPolicy("x", 1_000, 1, 50, 1, 0));
  }

  /** What must hold of any sequence of results and timers, in any order of their times. */
  @Property(tries = 2_000)
  void aBreakerKeepsItsPromises(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 1_000_000) Integer> moves) {
    Breaker breaker = Breaker.unseen(KEY);
    Breaker twin = Breaker.unseen(KEY);
    for (int move : moves) {
      Breaker next = moved(breaker, move);
      twin = moved(twin, move);
      assertThat(next).as("deterministic").isEqualTo(twin);
      checkStep(breaker, next);
      breaker = next;
    }
  }

  private static Breaker moved(Breaker breaker, int move) {
    long atMs = START_MS + move / 8 % 100_000;
    Long pauseMs = move % 97 == 0 ? (Long) (long) (move % 5_000) : null;
    Long probe = move % 3 == 0 ? (Long) breaker.version() : null;
    return move % 8 == 7
        ? breaker.due(atMs)
        : breaker.observe(POLICY, seen(atMs, move / 8 % 3 != 0, pauseMs, probe));
  }

  private static void checkStep(Breaker before, Breaker after) {
    assertThat(after.observedAtMs()).isGreaterThanOrEqualTo(before.observedAtMs());
    assertThat(after.sinceMs()).isGreaterThanOrEqualTo(before.sinceMs());
    assertThat(after.version()).isGreaterThanOrEqualTo(before.version());
    if (after.version() != before.version()) {
      assertThat(after.version()).isGreaterThanOrEqualTo(after.observedAtMs());
    }
    assertThat(after.passed()).isBetween(0, POLICY.probes() - 1);
    assertThat(after.untilMs() != null).isEqualTo(after.phase() == BreakerPhase.OPEN);
    assertThat(after.window().size()).isLessThanOrEqualTo(Breaker.SLICES);
    boolean changed = before.phase() != after.phase();
    if (changed) {
      assertThat(after.version()).isGreaterThan(before.version());
    }
    if (after.phase() == BreakerPhase.CLOSED) {
      long results = after.window().stream().mapToLong(Breaker.Slice::results).sum();
      long failures = after.window().stream().mapToLong(Breaker.Slice::failures).sum();
      assertThat(failures).isLessThanOrEqualTo(results);
      assertThat(before.phase()).isNotEqualTo(BreakerPhase.OPEN);
    }
    if (changed && after.phase() == BreakerPhase.HALF_OPEN) {
      assertThat(before.phase()).isEqualTo(BreakerPhase.OPEN);
      assertThat(after.sinceMs()).isGreaterThanOrEqualTo(before.untilMs());
    }
  }

  @Test
  void aPausedBreakerStaysOpenWithoutEndWhateverIsReported() {
    Breaker paused = paused(Breaker.unseen(KEY), START_MS);
    assertThat(paused.phase()).isEqualTo(BreakerPhase.OPEN);
    assertThat(paused.cause()).isEqualTo(BreakerCause.PAUSED);
    assertThat(paused.untilMs()).isNull();
    assertThat(paused.steering().actor()).isEqualTo("ops");
    Breaker later = after(paused, "pppffff").observe(POLICY, seen(START_MS + 9, true, 5_000L, 1L));
    assertThat(later.snapshot(POLICY)).isEqualTo(paused.snapshot(POLICY));
    assertThat(later.due(Long.MAX_VALUE)).isEqualTo(later);
    assertThat(paused(later, START_MS + 10)).isSameAs(later);
  }

  @Test
  void aResumeClosesWhateverOpenedIt() {
    Breaker resumed = resumed(paused(halfOpen(), START_MS + 60_000), START_MS + 60_001);
    assertThat(resumed.phase()).isEqualTo(BreakerPhase.CLOSED);
    assertThat(resumed.cause()).isEqualTo(BreakerCause.RESUMED);
    assertThat(resumed(resumed, START_MS + 70_000)).isSameAs(resumed);
    assertThat(resumed(halfOpen(), START_MS + 40_000).phase()).isEqualTo(BreakerPhase.CLOSED);
    assertThat(after(resumed, "ffff").steering()).isEqualTo(resumed.steering());
  }

  /** Whose record was begun anew may be asked to resume what only the lanes know as paused. */
  @Test
  void aResumeOfAnUnknownBreakerIsNewsToWhoeverKnowsItAsPaused() {
    Breaker resumed = resumed(Breaker.unseen(KEY), START_MS);
    assertThat(resumed.version()).isEqualTo(START_MS);
    assertThat(resumed.phase()).isEqualTo(BreakerPhase.CLOSED);
  }

  @Test
  void runsAreNotToldTheCommentOfAPause() {
    Breaker paused =
        Breaker.unseen(KEY)
            .pause("ops", KernelReasonCodes.WAITING_PAUSED, "the disk is being replaced", START_MS);
    assertThat(paused.steering().comment()).isEqualTo("the disk is being replaced");
    assertThat(paused.snapshot(POLICY).steering().comment()).isNull();
    assertThat(paused.told(paused.snapshot(POLICY))).isEqualTo(paused);
  }

  @Test
  void aPauseIsTakenUpAsAPause() {
    BreakerSnapshot told = paused(Breaker.unseen(KEY), START_MS).snapshot(POLICY);
    Breaker taken = Breaker.unseen(KEY).told(told);
    assertThat(taken.snapshot(POLICY)).isEqualTo(told);
    assertThat(taken.due(Long.MAX_VALUE)).isEqualTo(taken);
    assertThat(after(taken, "ffff").paused()).isTrue();
  }

  /** A record begun anew counts old failures and half-opens before it meets the pause. */
  @Test
  void aPauseOutlastsWhatWasCountedWithoutIt() {
    BreakerSnapshot told = paused(Breaker.unseen(KEY), START_MS + 1_000).snapshot(POLICY);
    Breaker counted = after(Breaker.unseen(KEY), "ffff").due(START_MS + 90_000);
    Breaker taken = counted.told(told);
    assertThat(taken.paused()).isTrue();
    assertThat(taken.version()).isEqualTo(counted.version() + 1);
    assertThat(taken.told(counted.snapshot(POLICY))).isEqualTo(taken);
  }

  @Test
  void aPauseThatWasLiftedIsNotTakenUpAgain() {
    Breaker paused = paused(Breaker.unseen(KEY), START_MS);
    Breaker resumed = resumed(paused, START_MS + 1_000);
    assertThat(resumed.told(paused.snapshot(POLICY))).isEqualTo(resumed);
    Breaker anew = Breaker.unseen(KEY).told(resumed.snapshot(POLICY)).told(paused.snapshot(POLICY));
    assertThat(anew.phase()).isEqualTo(BreakerPhase.CLOSED);
    Breaker counted = after(Breaker.unseen(KEY), "ffff").due(START_MS + 90_000);
    assertThat(counted.told(paused.snapshot(POLICY)).told(resumed.snapshot(POLICY)).phase())
        .isEqualTo(BreakerPhase.CLOSED);
  }

  /** In whatever order the words reach it, the last one holds, and versions only rise. */
  @Property
  void theLastWordHoldsInWhateverOrderItIsHeard(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 1_000) Integer> moves) {
    List<BreakerSnapshot> words = new ArrayList<>();
    Breaker source = Breaker.unseen(KEY);
    for (int i = 0; i < moves.size(); i++) {
      long atMs = START_MS + i * 1_000L;
      source = moves.get(i) % 2 == 0 ? paused(source, atMs) : resumed(source, atMs);
      words.add(source.snapshot(POLICY));
    }
    Breaker breaker = Breaker.unseen(KEY);
    Collections.rotate(words, moves.getFirst());
    for (int i = 0; i < words.size(); i++) {
      Breaker before = breaker;
      breaker = moves.get(i) % 3 == 0 ? after(breaker, "ffff") : breaker;
      breaker = moves.get(i) % 5 == 0 ? breaker.due(START_MS + 900_000) : breaker;
      breaker = breaker.told(words.get(i));
      assertThat(breaker.version()).isGreaterThanOrEqualTo(before.version());
    }
    assertThat(breaker.steering()).isEqualTo(source.steering());
    assertThat(breaker.paused()).isEqualTo(source.paused());
  }

  private static Breaker paused(Breaker breaker, long atMs) {
    return breaker.pause("ops", new ReasonCode("OPERATOR.PAUSED"), null, atMs);
  }

  private static Breaker resumed(Breaker breaker, long atMs) {
    return breaker.resume("ops", new ReasonCode("OPERATOR.RESUMED"), null, atMs);
  }

  private static Breaker halfOpen() {
    Breaker open = after(Breaker.unseen(KEY), "ffff");
    return open.due(open.untilMs());
  }

  /** p is a pass and f a failure that may pass, all at the start. */
  private static Breaker after(Breaker breaker, String results) {
    Breaker next = breaker;
    for (int i = 0; i < results.length(); i++) {
      next = next.observe(POLICY, seen(START_MS, results.charAt(i) == 'f', null, null));
    }
    return next;
  }

  private static Breaker.Observation seen(
      long atMs, boolean failed, Long retryAfterMs, Long probeVersion) {
    return new Breaker.Observation(atMs, failed, retryAfterMs, probeVersion);
  }
}
