package dev.dome.kernel;

import dev.dome.contracts.id.BreakerKey;

/**
 * A breaker as runs know it.
 *
 * @param version rises with every change; of two snapshots the greater version is the newer
 * @param sinceMs epoch milliseconds at which the phase began
 * @param untilMs epoch milliseconds at which it half-opens, null unless OPEN
 * @param probes how many tasks may try at a time, null unless HALF_OPEN
 */
public record BreakerSnapshot(
    BreakerKey key, long version, BreakerPhase phase, long sinceMs, Long untilMs, Integer probes) {}
