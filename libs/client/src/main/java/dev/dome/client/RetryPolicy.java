package dev.dome.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a call keeps trying when the answer is unknown or asks for patience: exponential delays
 * with full jitter, never shorter than the server's Retry-After, never beyond the budget.
 *
 * @param budget from the first try to the last
 * @param baseDelay upper bound of the first delay
 * @param maxDelay upper bound of every delay
 */
public record RetryPolicy(Duration budget, Duration baseDelay, Duration maxDelay) {
  /** Thirty seconds, from 50 ms to 2 s between tries. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofSeconds(30), Duration.ofMillis(50), Duration.ofSeconds(2));

  public RetryPolicy {
    if (budget.isNegative() || !baseDelay.isPositive() || maxDelay.compareTo(baseDelay) < 0) {
      throw new IllegalArgumentException(
          "RetryPolicy expected budget >= 0 and 0 < baseDelay <= maxDelay");
    }
  }

  /** This policy with another budget. */
  public RetryPolicy within(Duration newBudget) {
    return new RetryPolicy(newBudget, baseDelay, maxDelay);
  }

  /** The wait before retry n (from 1), in milliseconds, with the server's wish as a floor. */
  long delayMs(int retry, long retryAfterMs) {
    long ceiling = Math.min(maxDelay.toMillis(), baseDelay.toMillis() << Math.min(retry - 1, 20));
    long jittered = ThreadLocalRandom.current().nextLong(1, Math.max(2, ceiling + 1));
    return retryAfterMs > 0 ? retryAfterMs + jittered : jittered;
  }
}
