package dev.dome.simulation;

import dev.dome.statecontroller.application.Faults;
import dev.dome.statecontroller.application.PlantedBug;
import dev.dome.statecontroller.application.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Lives of seeds: lived, found to fail, and cut down to the steps that it takes. */
final class Lives {
  /** How many shorter lives are tried before the shortest that failed is shown. */
  private static final int MOST_TRIES = 400;

  private final PlantedBug bug;

  Lives(PlantedBug bug) {
    this.bug = bug;
  }

  /**
   * A life that failed.
   *
   * @param steps that it was lived with
   * @param step at which it failed; negative when it failed at rest
   */
  record Failure(long seed, List<Integer> steps, int step, Throwable cause) {
    /** How to live it again. */
    String again() {
      return "-Ddome.simulation.first-seed="
          + seed
          + " -Ddome.simulation.seeds=1"
          + " -Ddome.simulation.steps="
          + String.join(",", steps.stream().map(String::valueOf).toList());
    }
  }

  static List<Integer> steps(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** A life that goes well, or the reason why it does not. */
  Optional<Failure> live(long seed, List<Integer> steps) {
    Simulation life = new Simulation(seed, bug, SimulatedScheduler::new);
    return failure(life, seed, steps);
  }

  static Optional<Failure> failure(Simulation life, long seed, List<Integer> steps) {
    try {
      life.live(steps);
      return Optional.empty();
    } catch (RuntimeException | AssertionError | Faults.Crash e) {
      return Optional.of(new Failure(seed, steps, life.step(), e));
    }
  }

  /** The same seed with as few steps as were found to fail: halves are left out, then less. */
  Failure shrunk(Failure failure) {
    Failure shortest = failure;
    if (failure.step() >= 0) {
      shortest = live(failure.seed(), upTo(failure)).orElse(failure);
    }
    int tries = 0;
    for (int chunk = Math.max(1, shortest.steps().size() / 2); chunk > 0; chunk /= 2) {
      for (int from = 0; from < shortest.steps().size() && tries < MOST_TRIES; tries++) {
        Optional<Failure> shorter = live(failure.seed(), without(shortest.steps(), from, chunk));
        from += shorter.isPresent() ? 0 : chunk;
        shortest = shorter.orElse(shortest);
      }
    }
    return shortest;
  }

  private static List<Integer> upTo(Failure failure) {
    return failure.steps().subList(0, failure.steps().indexOf(failure.step()) + 1);
  }

  private static List<Integer> without(List<Integer> steps, int from, int count) {
    List<Integer> fewer = new ArrayList<>(steps);
    fewer.subList(from, Math.min(steps.size(), from + count)).clear();
    return fewer;
  }
}
