package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Crashes, lost answers, repeats, takeovers and zombies, from seeds that a failure names. */
class LaneWriterSimulationTest {
  private static final int SEEDS = 200;
  private static final int STEPS = 60;

  @Test
  void invariantsHoldForEverySeed() {
    int runs = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation simulation = new Simulation(seed);
      try {
        simulation.run(STEPS);
        simulation.check();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
      runs += simulation.runCount();
    }
    assertThat(runs).isGreaterThan(SEEDS);
  }
}
