package dev.dome.kernel;

/**
 * When breakers open and how they close.
 *
 * @param version of the policy document these values come from
 * @param windowMs over which results are counted, in {@link Breaker#SLICES} slices
 * @param minimumVolume results in the window below which the ratio says nothing
 * @param failurePercent 1..100: opens when at least this share of the results are failures
 * @param openMs how long a breaker stays open that nobody told how long
 * @param probes how many tasks may try at a time while half-open, and must pass to close it
 */
public record BreakerPolicy(
    String version, long windowMs, int minimumVolume, int failurePercent, long openMs, int probes) {

  /** The shipped values: half of at least ten results within a minute. */
  public static final BreakerPolicy DEFAULT = new BreakerPolicy("0.3.0", 60_000, 10, 50, 30_000, 2);

  public BreakerPolicy {
    if (windowMs < Breaker.SLICES) {
      throw new IllegalArgumentException(
          "windowMs expected >= " + Breaker.SLICES + " but was " + windowMs);
    }
    if (minimumVolume < 1 || openMs < 1 || probes < 1) {
      throw new IllegalArgumentException(
          "minimumVolume, openMs and probes expected >= 1 but were %d, %d, %d"
              .formatted(minimumVolume, openMs, probes));
    }
    if (failurePercent < 1 || failurePercent > 100) {
      throw new IllegalArgumentException(
          "failurePercent expected 1..100 but was " + failurePercent);
    }
  }
}
