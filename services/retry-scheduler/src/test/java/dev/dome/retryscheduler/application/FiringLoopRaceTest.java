package dev.dome.retryscheduler.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.messaging.JournalBatch;
import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Readers of all lanes store timers and tell the loop, whose thread asks the store, fires and
 * sleeps. It sweeps once an hour here: a timer that it was told of and forgets would wait so long.
 */
class FiringLoopRaceTest {
  private static final int THREADS = 4;
  private static final int TIMERS_OF_EACH = 2_000;
  private static final long MOST_AHEAD_MS = 20;
  private static final FiringLoop.Settings SETTINGS =
      new FiringLoop.Settings(Duration.ofHours(1).toMillis(), 50, 10_000, 1);

  private final Clock clock = Clock.systemUTC();
  private final Due store = new Due();
  private final ConcurrentLinkedQueue<String> fired = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Timer> early = new ConcurrentLinkedQueue<>();

  @Test
  void every_timer_that_the_loop_was_told_of_fires_once_and_in_time() throws Exception {
    try (FiringLoop loop = new FiringLoop(store, this::publish, new Unheard(), clock, SETTINGS)) {
      loop.start();
      CountDownLatch done = new CountDownLatch(THREADS);
      for (int thread = 0; thread < THREADS; thread++) {
        String name = "timer-" + thread + "-";
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < TIMERS_OF_EACH; i++) {
                ThreadLocalRandom chance = ThreadLocalRandom.current();
                Timer timer = timer(name + i, clock.millis() + chance.nextLong(MOST_AHEAD_MS));
                store.add(timer);
                loop.expect(timer.dueAtMs());
                LockSupport.parkNanos(chance.nextLong(100_000));
              }
              done.countDown();
            });
      }
      done.await();

      await().atMost(Duration.ofSeconds(60)).until(() -> fired.size() >= THREADS * TIMERS_OF_EACH);
      assertThat(fired).hasSize(THREADS * TIMERS_OF_EACH);
      assertThat(new HashSet<>(fired)).hasSameSizeAs(fired);
      assertThat(early).isEmpty();
    }
  }

  private Uni<Publication> publish(List<Timer> due) {
    long nowMs = clock.millis();
    due.stream().filter(timer -> timer.dueAtMs() > nowMs).forEach(early::add);
    due.forEach(timer -> fired.add(timer.timerId()));
    return Uni.createFrom().item(new Publication.Stored(fired.size()));
  }

  private static Timer timer(String timerId, long dueAtMs) {
    return new Timer(
        timerId,
        new RunUid("a".repeat(32)),
        new RunId("run-1"),
        new NamespaceId("x"),
        new Lane(0),
        TimerKind.RUN_DEADLINE,
        null,
        null,
        dueAtMs,
        1);
  }

  /** The timers that have not fired; each call is one transaction. */
  private static final class Due implements TimerStore {
    private final PriorityQueue<Timer> timers =
        new PriorityQueue<>(Comparator.comparingLong(Timer::dueAtMs));

    synchronized void add(Timer timer) {
      timers.add(timer);
    }

    @Override
    public Uni<List<Timer>> fireDue(
        long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher) {
      List<Timer> due = due(nowMs, limit);
      return due.isEmpty()
          ? Uni.createFrom().item(due)
          : publisher.apply(due).map(published -> due);
    }

    private synchronized List<Timer> due(long nowMs, int limit) {
      List<Timer> due = new ArrayList<>();
      while (due.size() < limit && !timers.isEmpty() && timers.peek().dueAtMs() <= nowMs) {
        due.add(timers.poll());
      }
      return due;
    }

    @Override
    public synchronized Uni<OptionalLong> nextDueAtMs() {
      return Uni.createFrom()
          .item(timers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(timers.peek().dueAtMs()));
    }

    @Override
    public Uni<List<Timer>> fireAgain(
        long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher) {
      return Uni.createFrom().item(List.of());
    }

    @Override
    public synchronized Uni<Long> pending() {
      return Uni.createFrom().item((long) timers.size());
    }

    @Override
    public Uni<Long> position(Lane lane) {
      throw new AssertionError("the loop reads no journal");
    }

    @Override
    public Uni<Applied> apply(List<JournalBatch> batches, JournalChanges changes) {
      throw new AssertionError("the loop stores no changes");
    }
  }

  private static final class Unheard implements TimerObserver {
    @Override
    public void fired(Timer timer, long latenessMs) {
      // The test looks at what is published.
    }

    @Override
    public void firedAgain(int timers) {
      throw new AssertionError("nothing is fired again");
    }

    @Override
    public void failed() {
      throw new AssertionError("nothing fails");
    }

    @Override
    public void pending(long timers) {
      // The test looks at what is published.
    }
  }
}
