package dev.dome.statecontroller.application.read;

import dev.dome.contracts.Timestamps;
import dev.dome.kernel.BreakerSteering;

/** Who paused a queue or a key, why and when; {@code at} is RFC 3339 UTC. */
public record PauseView(String actor, String reasonCode, String at) {

  /** Null for null. */
  public static PauseView of(BreakerSteering word) {
    return word == null
        ? null
        : new PauseView(word.actor(), word.reasonCode().value(), Timestamps.format(word.atMs()));
  }
}
