package dev.dome.cli.audit;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for what comes by itself, up to a limit, and says now and then what for. */
final class Patience {
  private static final long PAUSE_MS = 500;
  private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Duration limit;
  private final Consumer<String> lines;
  private final long startNanos = System.nanoTime();
  private long saidAtNanos;
  private String said = "";

  /**
   * Patience from now on.
   *
   * @param lines takes what is said
   */
  Patience(Duration limit, Consumer<String> lines) {
    this.limit = limit;
    this.lines = lines;
  }

  /**
   * Waits a moment.
   *
   * @param what is waited for
   * @return false, at once, when the time is over
   */
  boolean await(String what) throws InterruptedException {
    long now = System.nanoTime();
    if (now - startNanos >= limit.toNanos()) {
      return false;
    }
    if (!what.equals(said) || now - saidAtNanos >= SAY_EVERY_NANOS) {
      said = what;
      saidAtNanos = now;
      lines.accept(
          String.format(
              Locale.ROOT,
              "waiting for %s (%d of %d s)",
              what,
              TimeUnit.NANOSECONDS.toSeconds(now - startNanos),
              limit.toSeconds()));
    }
    TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    return true;
  }

  Duration limit() {
    return limit;
  }
}
