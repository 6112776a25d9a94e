package dev.dome.ingest.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Duration TARGET = Duration.ofMillis(250);
  private static final long MS = 1_000_000;
  private static final int LEAST = 16;
  private static final int FIRST = 64;
  private static final int MOST = 1_000;

  private final Admission admission = new Admission(new Admission.Bounds(LEAST, MOST, TARGET));
  private long nowNs = System.nanoTime() + TARGET.toNanos();

  private void enter(int submissions) {
    for (int i = 0; i < submissions; i++) {
      assertThat(admission.enter()).isTrue();
    }
  }

  @Test
  void asManyAsMayAreLetInAndOneMoreIsNot() {
    enter(FIRST);

    assertThat(admission.full()).isTrue();
    assertThat(admission.enter()).isFalse();
    admission.left();
    assertThat(admission.enter()).isTrue();
  }

  @Test
  void aLateOutcomeMakesRoomForFewerThanThereAreNow() {
    enter(60);

    admission.decided(nowNs, 260 * MS);

    assertThat(admission.window()).isEqualTo(54);
    assertThat(admission.full()).isTrue();
  }

  @Test
  void aVeryLateOutcomeHalvesThemAndNoMore() {
    enter(60);

    admission.decided(nowNs, 5_000 * MS);

    assertThat(admission.window()).isEqualTo(30);
  }

  @Test
  void manyLateOutcomesAtOnceCountOnce() {
    enter(60);

    for (int i = 0; i < 10; i++) {
      admission.decided(nowNs, 260 * MS);
    }

    assertThat(admission.window()).isEqualTo(54);
  }

  @Test
  void aLateOutcomeOfAFewIsNoQueue() {
    enter(1);

    admission.decided(nowNs, 5_000 * MS);

    assertThat(admission.window()).isEqualTo(FIRST);
  }

  @Test
  void silenceShrinksTheWindowToItsFloorAndNotBelow() {
    enter(60);

    for (int i = 0; i < 40; i++) {
      nowNs += TARGET.toNanos();
      admission.silent(nowNs);
      admission.enter();
    }

    assertThat(admission.window()).isEqualTo(LEAST);
  }

  @Test
  void outcomesInTimeOpenItAgainWhileItIsInUse() {
    enter(60);

    for (int i = 0; i < FIRST; i++) {
      admission.decided(nowNs, 10 * MS);
      admission.enter();
    }

    assertThat(admission.window()).isBetween(FIRST + 3, FIRST + 4);
  }

  @Test
  void aWindowThatIsHardlyUsedStaysAsItIs() {
    enter(10);

    for (int i = 0; i < 1_000; i++) {
      admission.decided(nowNs, 10 * MS);
      admission.enter();
    }

    assertThat(admission.window()).isEqualTo(FIRST);
  }

  /**
   * A server of one submission a millisecond, asked for five: a queue by arithmetic, without clocks
   * or threads. Each submission that is let in waits for all before it.
   */
  @Test
  void theWaitStaysNearTheTargetHoweverMuchIsAskedFor() {
    Queue<Long> queue = new ArrayDeque<>();
    long longestMs = 0;
    long served = 0;
    long seconds = 60;
    for (long ms = 0; ms < seconds * 1_000; ms++) {
      for (int i = 0; i < 5; i++) {
        if (admission.enter()) {
          queue.add(ms);
        }
      }
      Long oldest = queue.poll();
      if (oldest != null) {
        served++;
        admission.decided(nowNs + ms * MS, (ms - oldest) * MS);
        longestMs = ms > 20_000 ? Math.max(longestMs, ms - oldest) : longestMs;
      }
    }

    assertThat(longestMs).as("longest wait once it has settled").isLessThan(2 * TARGET.toMillis());
    assertThat(served).as("the server is never idle").isEqualTo(seconds * 1_000);
  }

  @Test
  void boundsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new Admission.Bounds(10, 9, TARGET))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
