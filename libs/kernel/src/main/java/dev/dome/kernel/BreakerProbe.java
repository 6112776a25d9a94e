package dev.dome.kernel;

import dev.dome.contracts.id.BreakerKey;

/** The attempt tries what a half-open breaker guards, as it was at that version. */
public record BreakerProbe(BreakerKey key, long version) {}
