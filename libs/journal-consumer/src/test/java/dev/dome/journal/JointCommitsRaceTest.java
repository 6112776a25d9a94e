package dev.dome.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Readers of many lanes at once, transactions that end on other threads, some of them badly. */
class JointCommitsRaceTest {
  private static final int LANES = 16;
  private static final int BATCHES = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger together = new AtomicInteger();
  private final Map<Lane, Long> cursors = new ConcurrentHashMap<>();

  /** Moves the cursors of all batches or of none; one in twenty transactions is lost. */
  private final class Database implements JournalEffects {
    private final Executor threads;

    private Database(Executor threads) {
      this.threads = threads;
    }

    @Override
    public Uni<Long> position(Lane lane) {
      throw new IllegalStateException("nothing asks here");
    }

    @Override
    public Uni<Boolean> apply(List<JournalBatch> batches) {
      return Uni.createFrom()
          .completionStage(() -> CompletableFuture.supplyAsync(() -> moved(batches), threads));
    }

    private boolean moved(List<JournalBatch> batches) {
      together.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(50_000));
      try {
        if (ThreadLocalRandom.current().nextInt(20) == 0) {
          throw new IllegalStateException("planned");
        }
        boolean all =
            batches.stream().allMatch(batch -> cursors.get(batch.lane()) == batch.after());
        if (all) {
          batches.forEach(batch -> cursors.put(batch.lane(), batch.last()));
        }
        return all;
      } finally {
        underWay.decrementAndGet();
      }
    }
  }

  /**
   * Mutiny's first use is not safe for many threads; in a service Quarkus makes it at the start.
   */
  @BeforeAll
  static void useMutinyOnce() {
    Uni.createFrom().emitter(caller -> caller.complete(null)).await().atMost(PATIENCE);
  }

  @Test
  void every_batch_is_answered_and_applied_once_and_transactions_take_turns() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      JointCommits commits = new JointCommits(new Database(threads), threads::execute);
      List<Future<Integer>> readers = new ArrayList<>();
      for (int number = 0; number < LANES; number++) {
        Lane lane = new Lane(number);
        cursors.put(lane, 0L);
        readers.add(threads.submit(reader(commits, lane)));
      }
      int lost = 0;
      for (Future<Integer> reader : readers) {
        lost += reader.get();
      }
      assertThat(lost).as("transactions that were lost").isPositive();
    }
    assertThat(together).as("transactions at a time").hasValue(1);
    assertThat(cursors.values()).containsOnly((long) BATCHES);
  }

  /** Repeats what was refused; how often it was. */
  private Callable<Integer> reader(JointCommits commits, Lane lane) {
    return () -> {
      int refused = 0;
      for (long after = 0; after < BATCHES; ) {
        JournalBatch batch = new JournalBatch(lane, after, Lines.rows(lane, after + 1, after + 1));
        boolean done =
            commits
                .commit(batch)
                .replaceWith(true)
                .onFailure()
                .recoverWithItem(false)
                .await()
                .atMost(PATIENCE);
        after += done ? 1 : 0;
        refused += done ? 0 : 1;
      }
      return refused;
    };
  }
}
