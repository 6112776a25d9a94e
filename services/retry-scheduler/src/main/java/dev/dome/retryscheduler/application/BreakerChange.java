package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.BreakerCause;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.BreakerSteering;

/**
 * A change of a breaker, as it is recorded and as runs are told of it.
 *
 * @param policyVersion of the policy that was asked
 * @param steering the last word of an operator before or with it, its comment included; null when
 *     none ever spoke
 */
public record BreakerChange(
    NamespaceId namespace,
    BreakerSnapshot breaker,
    BreakerCause cause,
    String policyVersion,
    BreakerSteering steering) {

  /** The word of the operator who made this change, null when none did. */
  public BreakerSteering ownSteering() {
    return steering != null && steering.atMs() == breaker.sinceMs() ? steering : null;
  }
}
