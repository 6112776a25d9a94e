package dev.dome.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.statecontroller.application.PlantedBug;
import dev.dome.statecontroller.application.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Lives of many seeds. A failure is shown with the fewest steps it was found to take and how to
 * live it again. {@code -Ddome.simulation.seeds=100000} lives what a long night should.
 */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("dome.simulation.seeds", 2_000);
  private static final long FIRST = Long.getLong("dome.simulation.first-seed", 1);

  /** Steps of most lives, and of each twentieth, which gets to what takes long to build up. */
  private static final int SHORT = Integer.getInteger("dome.simulation.inputs", 100);

  private static final int LONG = Integer.getInteger("dome.simulation.inputs", 500);
  private static final int LONG_EVERY = 20;
  private static final String STEPS = System.getProperty("dome.simulation.steps");

  private final Lives lives = new Lives(PlantedBug.NONE);
  private final Map<String, AtomicLong> figures = new ConcurrentSkipListMap<>();
  private final AtomicLong next = new AtomicLong(FIRST);
  private final AtomicReference<Lives.Failure> failed = new AtomicReference<>();

  @Test
  @SuppressWarnings("SystemOut")
  void whatMustHoldHoldsInEveryLife() throws Exception {
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      Callable<Void> worker = this::liveWhatIsLeft;
      List<Future<Void>> all =
          executor.invokeAll(Stream.generate(() -> worker).limit(threads).toList());
      for (Future<Void> one : all) {
        one.get();
      }
    }
    if (failed.get() != null) {
      Lives.Failure shortest = lives.shrunk(failed.get());
      throw new AssertionError(
          "seed %d fails at step %d of %d; %s lives it again"
              .formatted(
                  shortest.seed(), shortest.step(), shortest.steps().size(), shortest.again()),
          shortest.cause());
    }
    System.out.printf("simulation: seeds %d to %d: %s%n", FIRST, FIRST + SEEDS - 1, figures);
    if (STEPS == null) {
      assertThat(figures)
          .as("a simulation in which nothing happens proves nothing")
          .allSatisfy((what, count) -> assertThat(count.get()).as(what).isGreaterThan(SEEDS / 10));
    }
  }

  private Void liveWhatIsLeft() {
    for (long seed = next.getAndIncrement();
        seed < FIRST + SEEDS && failed.get() == null;
        seed = next.getAndIncrement()) {
      live(seed);
    }
    return null;
  }

  private void live(long seed) {
    Simulation life = new Simulation(seed, PlantedBug.NONE, SimulatedScheduler::new);
    Optional<Lives.Failure> failure = Lives.failure(life, seed, stepsOf(seed));
    failure.ifPresent(one -> failed.compareAndSet(null, one));
    life.figures()
        .forEach(
            (what, count) -> figures.computeIfAbsent(what, k -> new AtomicLong()).addAndGet(count));
  }

  private static List<Integer> stepsOf(long seed) {
    if (STEPS == null) {
      return Lives.steps(seed % LONG_EVERY == 0 ? LONG : SHORT);
    }
    return Arrays.stream(STEPS.split(","))
        .filter(step -> !step.isEmpty())
        .map(Integer::valueOf)
        .toList();
  }

  @Test
  void aSeedLivesTheSameLifeAgain() {
    List<String> hashes = new ArrayList<>();
    for (long seed : new long[] {4_711, 4_711, 4_712}) {
      Simulation life = new Simulation(seed, PlantedBug.NONE, SimulatedScheduler::new);
      life.live(Lives.steps(300));
      hashes.add(life.traceHash());
    }
    assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
    assertThat(hashes.get(2)).isNotEqualTo(hashes.get(0));
  }
}
