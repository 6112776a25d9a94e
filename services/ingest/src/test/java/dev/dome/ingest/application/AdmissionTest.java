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
    enter(MOST);

    assertThat(admission.full()).isTrue();
    assertThat(admission.enter()).isFalse();
    admission.left();
    assertThat(admission.enter()).isTrue();
  }

  @Test
  void aLateOutcomeMakesRoomForFewerThanThereAreNow() {
    enter(100);

    admission.decided(nowNs, 300 * MS);

    assertThat(admission.window()).isEqualTo(90);
    assertThat(admission.full()).isTrue();
  }

  @Test
  void manyLateOutcomesAtOnceCountOnce() {
    enter(100);

    for (int i = 0; i < 10; i++) {
      admission.decided(nowNs, 300 * MS);
    }

    assertThat(admission.window()).isEqualTo(90);
  }

  @Test
  void aLateOutcomeOfAFewIsNoQueue() {
    enter(1);

    admission.decided(nowNs, 5_000 * MS);

    assertThat(admission.window()).isEqualTo(MOST);
  }

  @Test
  void silenceShrinksTheWindowToItsFloorAndNotBelow() {
    enter(100);

    for (int i = 0; i < 80; i++) {
      nowNs += TARGET.toNanos();
      admission.silent(nowNs);
      admission.enter();
    }

    assertThat(admission.window()).isEqualTo(LEAST);
  }

  @Test
  void outcomesInTimeOpenItAgainWhileItIsInUse() {
    enter(100);
    admission.decided(nowNs, 300 * MS);
    int before = admission.window();

    for (int i = 0; i < 2 * before; i++) {
      admission.decided(nowNs, 10 * MS);
      admission.enter();
    }

    assertThat(admission.window()).isBetween(before + 1, before + 3);
  }

  @Test
  void aWindowThatIsHardlyUsedStaysAsItIs() {
    enter(100);
    admission.decided(nowNs, 300 * MS);
    int before = admission.window();
    for (int i = 0; i < 90; i++) {
      admission.left();
    }

    for (int i = 0; i < 1_000; i++) {
      admission.decided(nowNs, 10 * MS);
      admission.enter();
    }

    assertThat(admission.window()).isEqualTo(before);
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
