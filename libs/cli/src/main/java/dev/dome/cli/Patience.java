package dev.dome.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How long a command waits for those who follow the journal behind, and says now and then what it
 * waits for. What counts is the time spent waiting, by all threads together. Safe for use by
 * several threads.
 */
public final class Patience {
  private static final long LOOK_EVERY_MS = 250;
  private static final long SAY_EVERY_MS = 5_000;
  private static final Duration CATCH_UP = Duration.ofSeconds(20);

  private final long atMostMs;
  private final long catchUpMs;
  private final Consumer<String> lines;
  private long waitedMs;
  private long cameAtMs;
  private long saidAtMs;
  private String said = "";

  /**
   * @param atMost in all
   * @param catchUp between one thing that came and the next
   */
  Patience(Duration atMost, Duration catchUp, Consumer<String> lines) {
    this.atMostMs = atMost.toMillis();
    this.catchUpMs = catchUp.toMillis();
    this.lines = lines;
  }

  /**
   * Patience for one thing that comes or does not.
   *
   * @param lines takes what is said
   */
  public static Patience upTo(Duration limit, Consumer<String> lines) {
    return new Patience(limit, limit, lines);
  }

  /**
   * Patience for many things: it ends twenty seconds after the last that came, and at the limit
   * even for those who get on without ever catching up.
   *
   * @param lines takes what is said
   */
  public static Patience whileSomethingComes(Duration limit, Consumer<String> lines) {
    return new Patience(limit, CATCH_UP, lines);
  }

  /** Something that was waited for has come. */
  public synchronized void came() {
    cameAtMs = waitedMs;
  }

  /**
   * Waits a moment.
   *
   * @param what is waited for
   * @return false, at once, when there is no patience left
   */
  public boolean await(String what) {
    if (!spend(what)) {
      return false;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }

  /** The most that is waited in all. */
  public Duration limit() {
    return Duration.ofMillis(atMostMs);
  }

  private synchronized boolean spend(String what) {
    long afterMs = waitedMs + LOOK_EVERY_MS;
    if (afterMs > atMostMs || afterMs - cameAtMs > catchUpMs) {
      return false;
    }
    if (!what.equals(said) || waitedMs - saidAtMs >= SAY_EVERY_MS) {
      said = what;
      saidAtMs = waitedMs;
      lines.accept(
          String.format(
              Locale.ROOT,
              "waiting for %s (%d of %d s)",
              what,
              TimeUnit.MILLISECONDS.toSeconds(waitedMs),
              TimeUnit.MILLISECONDS.toSeconds(atMostMs)));
    }
    waitedMs = afterMs;
    return true;
  }
}
