package dev.dome.cli.admin;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a verification waits, all in all, for those who follow the journal a moment behind. Safe
 * for use by several threads.
 */
final class Patience {
  private static final long LOOK_EVERY_MS = 250;

  private final AtomicLong leftMs;

  Patience(Duration total) {
    this.leftMs = new AtomicLong(total.toMillis());
  }

  /** Waits a moment; false at once when there is no patience left. */
  boolean waits() {
    if (leftMs.addAndGet(-LOOK_EVERY_MS) < 0) {
      return false;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while verifying", e);
    }
  }
}
