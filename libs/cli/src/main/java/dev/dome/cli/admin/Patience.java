package dev.dome.cli.admin;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a verification waits for those who follow the journal behind: as long as they get on. It
 * ends when nothing has come for a while. Safe for use by several threads.
 */
final class Patience {
  private static final long LOOK_EVERY_MS = 250;

  private final long limitMs;
  private final AtomicLong leftMs;

  /**
   * @param limit of all waiting, by all threads, between one thing that came and the next
   */
  Patience(Duration limit) {
    this.limitMs = limit.toMillis();
    this.leftMs = new AtomicLong(limitMs);
  }

  /** Something that was waited for has come. */
  void came() {
    leftMs.set(limitMs);
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
