package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lives of the lane writer from seeds; a failure names its seed, which fails again. */
class LaneWriterSimulationTest {
  /**
   * As many as take a quarter of a minute of one processor; {@code -Ddome.simulation.seeds=2000}
   * lives what a nightly run should.
   */
  private static final int SEEDS = Integer.getInteger("dome.simulation.seeds", 20);

  private static final int INPUTS = Integer.getInteger("dome.simulation.inputs", 500);
  private static final long FIRST = Long.getLong("dome.simulation.first-seed", 1);

  @Test
  @SuppressWarnings("SystemOut")
  void invariantsHoldForEverySeed() {
    int runs = 0;
    int crashes = 0;
    int breaks = 0;
    int failures = 0;
    int full = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Simulation simulation = lived(seed);
      runs += simulation.figures().get("runs");
      crashes += simulation.figures().get("crashes");
      breaks += simulation.figures().get("breaks");
      failures += simulation.figures().get("failures");
      full += simulation.figures().get("full");
    }
    System.out.printf(
        "simulation: seeds %d to %d of %d inputs: %d runs, %d crashes, %d breaks, %d failed store"
            + " calls, %d turns that left some limit full%n",
        FIRST, FIRST + SEEDS - 1, INPUTS, runs, crashes, breaks, failures, full);
    assertThat(runs).isGreaterThan(SEEDS);
    assertThat(crashes).isGreaterThan(SEEDS);
    assertThat(breaks).isGreaterThan(SEEDS);
    assertThat(failures).isGreaterThan(SEEDS);
    assertThat(full).isGreaterThan(SEEDS);
  }

  private static Simulation lived(long seed) {
    Simulation simulation = new Simulation(seed);
    try {
      simulation.run(INPUTS);
      simulation.check();
    } catch (RuntimeException | AssertionError | Faults.Crash e) {
      throw new AssertionError(
          "seed " + seed + " (-Ddome.simulation.first-seed=" + seed + " lives it again)", e);
    }
    return simulation;
  }

  @Test
  void aSeedLivesTheSameLifeAgain() {
    String first = lived(4711).traceHash();

    assertThat(lived(4711).traceHash()).isEqualTo(first);
    assertThat(lived(4712).traceHash()).isNotEqualTo(first);
  }
}
