package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.BreakerCause;
import dev.dome.kernel.BreakerSnapshot;

/**
 * A change of a breaker, as it is recorded and as runs are told of it.
 *
 * @param policyVersion of the policy that was asked
 */
public record BreakerChange(
    NamespaceId namespace, BreakerSnapshot breaker, BreakerCause cause, String policyVersion) {}
