package dev.dome.cli.chaos;

import dev.dome.cli.bench.Workload;
import dev.dome.cli.chaos.Fault.Outcome;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Five times the submissions that the stack takes, by clients that take the first answer for the
 * last. What is let in must not wait twice as long as it does when once what the stack takes comes
 * in the same way; what is not must be told when to come back. The runs are of a queue that nobody
 * works.
 */
final class Overload {
  private static final int TIMES = 5;
  private static final int HANDS = 32;
  private static final double MOST_SLOWER = 2;
  private static final Duration CALIBRATION = Duration.ofSeconds(5);

  /** Until the window of admission has closed; what is let in meanwhile may wait longer. */
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private static final Duration OVERLOAD = Duration.ofSeconds(10);

  /**
   * Requests of this process that may be open at once. It shares its processors with the stack and
   * takes a third of them in a flood: with more, what is measured is the queue of its own threads.
   * What was offered a second is told, so a flood that was none shows.
   */
  private static final int MOST_OPEN = 2 * HANDS;

  private static final Workload.Chain CHAIN = new Workload.Chain();

  private final DomeClient client;
  private final String prefix = "flood-" + Long.toString(System.nanoTime(), 36);
  private final AtomicInteger number = new AtomicInteger();

  private Overload(DomeClient client) {
    this.client = client;
  }

  /**
   * What a span of submissions came to.
   *
   * @param admittedMs how long each that was let in took, ascending
   * @param bare refusals for now that do not say when to come back
   * @param other answers that are neither, or none, and the first of them
   */
  private record Span(
      Duration lasted, List<Double> admittedMs, int shed, int bare, int other, String firstOther) {
    double admittedPerSecond() {
      return admittedMs.size() * 1e9 / lasted.toNanos();
    }

    double offeredPerSecond() {
      return (admittedMs.size() + shed + other) * 1e9 / lasted.toNanos();
    }

    List<String> strange() {
      List<String> found = new ArrayList<>();
      if (bare > 0) {
        found.add(bare + " refusals did not say when to come back");
      }
      if (other > 0) {
        found.add(other + " submissions were neither let in nor shed, first " + firstOther);
      }
      return found;
    }

    double p99Ms() {
      return admittedMs.isEmpty()
          ? Double.NaN
          : admittedMs.get((int) Math.ceil(0.99 * admittedMs.size()) - 1);
    }
  }

  static Outcome play(Scene scene) throws Exception {
    RetryPolicy once = RetryPolicy.DEFAULT.within(Duration.ZERO);
    Span taken;
    Span settling;
    Span flood;
    try (DomeClient client = scene.stack().client(once, "submitter")) {
      Overload overload = new Overload(client);
      overload.closed(CALIBRATION);
      double perSecond = overload.closed(CALIBRATION).admittedPerSecond();
      taken = overload.open(perSecond, CALIBRATION);
      settling = overload.open(TIMES * perSecond, SETTLING);
      flood = overload.open(TIMES * perSecond, OVERLOAD);
    }
    double recovery = scene.recovery(System.nanoTime());
    List<String> violations = new ArrayList<>(violations(taken, flood));
    violations.addAll(settling.strange());
    return new Outcome.Played(null, recovery, note(taken, flood), violations);
  }

  private static String note(Span taken, Span flood) {
    return String.format(
        Locale.ROOT,
        "p99 %.0f ms of %.0f/s let in of %.0f/s, %.0f ms of %.0f/s let in of %.0f/s; %d shed",
        taken.p99Ms(),
        taken.admittedPerSecond(),
        taken.offeredPerSecond(),
        flood.p99Ms(),
        flood.admittedPerSecond(),
        flood.offeredPerSecond(),
        flood.shed());
  }

  private static List<String> violations(Span taken, Span flood) {
    List<String> found = new ArrayList<>();
    if (!(flood.p99Ms() <= MOST_SLOWER * taken.p99Ms())) {
      found.add("what was let in took longer than twice as long as before: " + note(taken, flood));
    }
    found.addAll(flood.strange());
    return found;
  }

  /** As many as the hands can; one that is told to come back later does. */
  private Span closed(Duration time) throws Exception {
    Tally tally = new Tally();
    long began = System.nanoTime();
    Callable<Void> hand =
        () -> {
          while (System.nanoTime() - began < time.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(submit(tally));
          }
          return null;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> done : threads.invokeAll(Collections.nCopies(HANDS, hand))) {
        done.get();
      }
    }
    return tally.span(Duration.ofNanos(System.nanoTime() - began));
  }

  /** As many in a second as was said, whatever comes of them. */
  private Span open(double perSecond, Duration time) throws InterruptedException {
    Tally tally = new Tally();
    Semaphore free = new Semaphore(MOST_OPEN);
    long began = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long i = 0; System.nanoTime() - began < time.toNanos(); i++) {
        TimeUnit.NANOSECONDS.sleep(began + (long) (i * 1e9 / perSecond) - System.nanoTime());
        free.acquire();
        threads.execute(() -> {
          long unused = submit(tally);
          free.release();
        });
      }
    }
    return tally.span(time);
  }

  /** Returns in how many milliseconds to come back: 0 for one that was let in. */
  private long submit(Tally tally) {
    String runId = String.format(Locale.ROOT, "%s-%06d", prefix, number.incrementAndGet());
    long began = System.nanoTime();
    try {
      client.submit(CHAIN.document(runId, "chaos-flood"));
      tally.admittedMs.add((System.nanoTime() - began) / 1e6);
      return 0;
    } catch (DomeException e) {
      tally.refused(e);
      return e.retryAfterMs();
    }
  }

  /** Counts while many threads submit. */
  private static final class Tally {
    private final ConcurrentLinkedQueue<Double> admittedMs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger shed = new AtomicInteger();
    private final AtomicInteger bare = new AtomicInteger();
    private final AtomicInteger other = new AtomicInteger();
    private final AtomicReference<String> firstOther = new AtomicReference<>("");

    private void refused(DomeException refusal) {
      if (refusal.status() != 429 && refusal.status() != 503) {
        other.incrementAndGet();
        firstOther.compareAndSet("", String.valueOf(refusal.getMessage()));
        return;
      }
      shed.incrementAndGet();
      if (refusal.retryAfterMs() == 0) {
        bare.incrementAndGet();
      }
    }

    private Span span(Duration lasted) {
      List<Double> sorted = admittedMs.stream().sorted().toList();
      return new Span(lasted, sorted, shed.get(), bare.get(), other.get(), firstOther.get());
    }
  }
}
