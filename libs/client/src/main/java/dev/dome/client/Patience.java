package dev.dome.client;

import java.time.Duration;

/** How long a worker waits before it sends the same thing again. */
final class Patience {
  private static final RetryPolicy USUAL =
      new RetryPolicy(Duration.ZERO, Duration.ofMillis(100), Duration.ofSeconds(5));

  /** Only a person can change that a token is not accepted. */
  private static final Duration SHUT_OUT = Duration.ofSeconds(1);

  private Patience() {}

  /** Milliseconds after try n, from 1, that came to nothing yet. */
  static long after(int tries) {
    return USUAL.delayMs(tries, 0);
  }

  /** Milliseconds after failure n, from 1, and never before the server's Retry-After. */
  static long after(DomeException e, int failures) {
    boolean shutOut = e.status() == 401 || e.status() == 403;
    long floorMs = shutOut ? Math.max(SHUT_OUT.toMillis(), e.retryAfterMs()) : e.retryAfterMs();
    return USUAL.delayMs(failures, floorMs);
  }
}
