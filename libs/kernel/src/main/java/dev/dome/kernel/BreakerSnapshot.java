package dev.dome.kernel;

import dev.dome.contracts.id.BreakerKey;

/**
 * A breaker as runs know it.
 *
 * @param version rises with every change; of two snapshots the greater version is the newer
 * @param sinceMs epoch milliseconds at which the phase began
 * @param untilMs epoch milliseconds at which it half-opens, null unless OPEN and not paused
 * @param probes how many tasks may try at a time, null unless HALF_OPEN
 * @param steering the last word of an operator, null when none ever spoke
 */
public record BreakerSnapshot(
    BreakerKey key,
    long version,
    BreakerPhase phase,
    long sinceMs,
    Long untilMs,
    Integer probes,
    BreakerSteering steering) {

  /** One that no operator ever touched. */
  public BreakerSnapshot(
      BreakerKey key,
      long version,
      BreakerPhase phase,
      long sinceMs,
      Long untilMs,
      Integer probes) {
    this(key, version, phase, sinceMs, untilMs, probes, null);
  }

  /** Whether an operator holds it open; it then has no end of its own. */
  public boolean paused() {
    return phase == BreakerPhase.OPEN && untilMs == null;
  }
}
