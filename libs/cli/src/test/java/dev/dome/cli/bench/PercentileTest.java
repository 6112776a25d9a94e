package dev.dome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PercentileTest {
  @Test
  void theNearestRankIsAMeasuredValue() {
    double[] sorted = {1, 2, 3, 4};

    assertThat(RunsBench.percentile(sorted, 50)).isEqualTo(2);
    assertThat(RunsBench.percentile(sorted, 99)).isEqualTo(4);
    assertThat(RunsBench.percentile(new double[] {7}, 50)).isEqualTo(7);
  }

  @Test
  void nothingMeasuredHasNoPercentile() {
    assertThat(RunsBench.percentile(new double[0], 50)).isNaN();
  }
}
