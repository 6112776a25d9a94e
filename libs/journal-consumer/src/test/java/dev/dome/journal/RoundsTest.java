package dev.dome.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final long FOR_EVER_MS = Duration.ofHours(1).toMillis();
  private static final long LEAVE_MS = 10_000;

  @Test
  void a_round_follows_when_its_sleep_is_over() {
    AtomicInteger count = new AtomicInteger();
    try (Rounds rounds =
        new Rounds("test", LEAVE_MS, () -> count.incrementAndGet() < 3 ? 1 : FOR_EVER_MS)) {
      rounds.start();
      await().untilAtomic(count, equalTo(3));
      assertThat(rounds.running()).isTrue();
    }
  }

  /** Each of several threads makes something known and wakes; a lost one would sleep an hour. */
  @Test
  void nothing_that_was_known_before_a_wake_waits_for_the_next() throws Exception {
    int threads = 4;
    int times = 5_000;
    AtomicLong known = new AtomicLong();
    AtomicLong seen = new AtomicLong();
    try (Rounds rounds =
        new Rounds(
            "test",
            LEAVE_MS,
            () -> {
              seen.set(known.get());
              return FOR_EVER_MS;
            })) {
      rounds.start();
      for (int burst = 0; burst < 20; burst++) {
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < times / 20; n++) {
                  known.incrementAndGet();
                  rounds.wake();
                  LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000));
                }
                done.countDown();
              });
        }
        done.await();
        await().pollDelay(Duration.ZERO).until(() -> seen.get() == known.get());
      }
    }
    assertThat(seen).hasValue((long) threads * times);
  }

  @Test
  void closing_lets_the_round_under_way_end_and_no_other_follows() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    Rounds rounds =
        new Rounds(
            "test",
            LEAVE_MS,
            () -> {
              begun.incrementAndGet();
              LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
              ended.incrementAndGet();
              return 0;
            });
    rounds.start();
    await().until(() -> begun.get() > 0);
    rounds.close();
    assertThat(rounds.closed()).isTrue();
    assertThat(rounds.running()).isFalse();
    assertThat(ended).hasValue(begun.get());
  }

  @Test
  void what_was_never_begun_can_be_closed() {
    Rounds rounds = new Rounds("test", LEAVE_MS, () -> FOR_EVER_MS);
    rounds.close();
    assertThat(rounds.running()).isFalse();
  }

  @Test
  void a_round_that_does_not_leave_is_interrupted() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger interrupted = new AtomicInteger();
    Rounds rounds =
        new Rounds(
            "test",
            10,
            () -> {
              begun.incrementAndGet();
              LockSupport.parkNanos(Duration.ofMillis(FOR_EVER_MS).toNanos());
              interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
              return 0;
            });
    rounds.start();
    await().until(() -> begun.get() > 0);
    rounds.close();
    await().untilAtomic(interrupted, equalTo(1));
    await().until(() -> !rounds.running());
    assertThat(begun).hasValue(1);
  }
}
