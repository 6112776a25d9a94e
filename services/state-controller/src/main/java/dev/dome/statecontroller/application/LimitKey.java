package dev.dome.statecontroller.application;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;

/**
 * What slots are given for in a namespace: a {@link LimitName}, or {@code breaker:<key>} for the
 * probes of a half-open breaker, which therefore never share slots with a key that users name.
 */
public record LimitKey(NamespaceId namespace, String key) {
  private static final String PROBE = "breaker:";

  static LimitKey of(NamespaceId namespace, LimitName name) {
    return new LimitKey(namespace, name.value());
  }

  boolean isOfProbes() {
    return key.startsWith(PROBE);
  }

  static LimitKey ofProbes(NamespaceId namespace, BreakerKey breaker) {
    return new LimitKey(namespace, PROBE + breaker);
  }
}
