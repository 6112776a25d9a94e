package dev.dome.verification.invariant;

import java.util.List;
import java.util.Locale;

/** How late timers fired, as counts and not as a list. Not safe for use by several threads. */
public final class Lateness {
  /** What a system that is well keeps to. */
  private static final long PROMISED_MS = 2_000;

  private long fired;
  private long late;
  private long totalMs;
  private long worstMs;

  /** Takes in timers of a run. */
  public void add(List<Long> latenessMs) {
    for (long lateMs : latenessMs) {
      fired++;
      totalMs += lateMs;
      worstMs = Math.max(worstMs, lateMs);
      late += lateMs > PROMISED_MS ? 1 : 0;
    }
  }

  /** One sentence; empty when no timer fired. */
  public String sentence() {
    return fired == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "%d timers fired, %d ms late on average, %d ms at worst, %d more than 2 s late",
            fired,
            totalMs / fired,
            worstMs,
            late);
  }
}
