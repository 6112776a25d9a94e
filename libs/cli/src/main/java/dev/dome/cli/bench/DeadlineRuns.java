package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * Runs that nobody works, whose time budgets end in one window. A budget is whole minutes from the
 * submission on, so submissions of many minutes fold onto the window's: one made so long before it
 * gets so many minutes. No worker, breaker or lease has a part in it.
 */
final class DeadlineRuns {
  private static final int HANDS = 32;
  private static final long MINUTE_MS = 60_000;

  private final DomeClient submitter;
  private final String prefix =
      "timers-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

  DeadlineRuns(DomeClient submitter) {
    this.submitter = submitter;
  }

  /** What the ids of the measured runs begin with. */
  String prefix() {
    return prefix + "-in-";
  }

  /**
   * Submits runs twice that are due long after everything; how many in a second the second time.
   */
  double warmUp(int runs) throws InterruptedException {
    submit("cold", runs, () -> 1_000_000, done -> {});
    long start = System.nanoTime();
    submit("warm", runs, () -> 1_000_000, done -> {});
    return runs * 1e9 / (System.nanoTime() - start);
  }

  /**
   * Submits runs that are due in a window.
   *
   * @throws CliException when the window begins before all are submitted
   */
  void submit(int runs, Window window, IntConsumer progress) throws InterruptedException {
    submit("in", runs, window::minutesLeft, progress);
  }

  /** When the measured runs are due; epoch milliseconds. */
  record Window(long startMs, int seconds) {
    long endMs() {
      return startMs + seconds * 1_000L;
    }

    /**
     * The budget of whole minutes that ends in the window when it begins now; empty when none does.
     * Not positive once the window is less than a minute away.
     */
    OptionalLong minutesAt(long nowMs) {
      long leftMs = startMs - nowMs;
      long phaseMs = Math.floorMod(-leftMs, MINUTE_MS);
      return phaseMs < seconds * 1_000L
          ? OptionalLong.of((leftMs + phaseMs) / MINUTE_MS)
          : OptionalLong.empty();
    }

    /** Waits for a moment that has a budget; that budget. */
    private int minutesLeft() {
      OptionalLong minutes = minutesAt(System.currentTimeMillis());
      while (minutes.isEmpty()) {
        pause(50);
        minutes = minutesAt(System.currentTimeMillis());
      }
      if (minutes.getAsLong() < 1) {
        throw new CliException(
            ExitCode.TIMEOUT,
            "the machine submits more slowly than it did at first: the window has begun",
            "repeat it, or ask for fewer --timers");
      }
      return (int) minutes.getAsLong();
    }

    private static void pause(long ms) {
      try {
        TimeUnit.MILLISECONDS.sleep(ms);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while submitting", e);
      }
    }
  }

  private void submit(String part, int runs, IntSupplier minutes, IntConsumer progress)
      throws InterruptedException {
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    Semaphore hands = new Semaphore(HANDS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < runs && failure.get() == null; i++) {
        String runId = String.format(Locale.ROOT, "%s-%s-%06d", prefix, part, i);
        hands.acquire();
        int budget = minutes.getAsInt();
        threads.execute(() -> {
          try {
            submitter.submit(document(runId, budget));
          } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
          } finally {
            hands.release();
          }
        });
        progress.accept(i + 1);
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private static ObjectNode document(String packetId, int minutes) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("schema_version", "xtrl.pre_contract/v0.2");
    document.put("packet_id", packetId).put("base_ref", "main");
    document.putObject("budgets").put("iteration_budget", 1).put("time_minutes", minutes);
    document.putObject("actions").putArray("test").add("true");
    document.putObject("plan_card").put("why", "wait").put("what", "nothing");
    return document;
  }
}
