package dev.dome.statecontroller.application;

import dev.dome.kernel.PolicySet;

/** The default policies, so that a test needs no file. */
public final class TestPolicies {
  private TestPolicies() {}

  public static PolicySet standard() {
    return new PolicySet(
        "0.3.0",
        new PolicySet.Retry(2, 500, 60_000),
        new PolicySet.Gate(60, 20, 60, 0.7),
        new PolicySet.Lease(30_000),
        new PolicySet.Approval(604_800_000));
  }
}
