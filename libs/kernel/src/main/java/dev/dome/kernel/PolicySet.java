package dev.dome.kernel;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;

/**
 * The policy values a run is pinned to from its submission on.
 *
 * @param version of the policy document these come from
 */
public record PolicySet(String version, Retry retry, Gate gate, Lease lease, Approval approval) {

  /**
   * Attempts are at most maxRetries + 1; the delay before retry n is min(base·2^(n−1), cap)·(1+j).
   */
  public record Retry(int maxRetries, long baseDelayMs, long capDelayMs) {
    /** Delays are below 2^31 ms, so that their arithmetic is exact. */
    public Retry {
      if (maxRetries < 0 || maxRetries > 1_000) {
        throw new IllegalArgumentException("maxRetries expected 0..1000 but was " + maxRetries);
      }
      if (baseDelayMs < 0 || baseDelayMs > capDelayMs || capDelayMs > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "delays expected 0 ≤ base ≤ cap < 2^31 but were " + baseDelayMs + ", " + capDelayMs);
      }
    }
  }

  /** Scores are 0..100; minConfidence is 0..1. */
  public record Gate(
      int riskThreshold,
      int defaultRiskScore,
      int promotionMaxRisk,
      double promotionMinConfidence) {}

  /** How long a claimed task may stay silent. */
  public record Lease(long termMs) {}

  /** How long a run may wait for a human before it expires. */
  public record Approval(long expiresAfterMs) {}

  /** The same policies with what a profile says of retries and risk. */
  PolicySet under(RuntimeProfile.Budgets budgets) {
    return new PolicySet(
        version,
        new Retry(budgets.maxRetries(), retry.baseDelayMs(), retry.capDelayMs()),
        new Gate(
            budgets.riskThreshold(),
            gate.defaultRiskScore(),
            budgets.riskThreshold(),
            gate.promotionMinConfidence()),
        lease,
        approval);
  }

  /** SHA-256 over the canonical JSON of these values. */
  public String digest() {
    return CanonicalJson.sha256(Json.tree(this));
  }
}
