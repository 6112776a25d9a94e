package dev.dome.ingest.application;

import java.time.Duration;

/**
 * How many submissions may be undecided at once. New work waits so that work under way can end:
 * results, releases and orders are never held up here.
 *
 * <p>The window moves as TCP's does: outcomes that came in time make it larger while it is in use,
 * by four for each window's worth of them; one that came late, or did not come, makes it smaller,
 * at most once in the target time, to what the target has room for, between half of it and nine
 * tenths. So the wait for an outcome stays near the target however much is asked for. The floor
 * keeps some submissions coming while the controllers are away, few enough that what they left is
 * caught up with. Safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5681#section-3.1">RFC 5681, 3.1</a>
 */
public final class Admission {
  private static final double GROW = 4;
  private static final double LEAST_SHRINK = 0.9;
  private static final double MOST_SHRINK = 0.5;

  /** Where the window begins, in floors. */
  private static final int FIRST = 4;

  private final Bounds bounds;
  private double window;
  private int undecided;
  private long shrunkAtNs;

  /**
   * What the window may be.
   *
   * @param least submissions at once, whatever happens
   * @param most submissions at once, however fast they are decided
   * @param target within what an outcome is to come
   */
  public record Bounds(int least, int most, Duration target) {
    public Bounds {
      if (least < 1 || most < least || !target.isPositive()) {
        throw new IllegalArgumentException(
            "Admission expected 1 <= least <= most and a target but was "
                + least
                + ", "
                + most
                + ", "
                + target);
      }
    }
  }

  public Admission(Bounds bounds) {
    this.bounds = bounds;
    this.window = Math.min(bounds.most(), FIRST * bounds.least());
    this.shrunkAtNs = System.nanoTime() - bounds.target().toNanos();
  }

  /** Whether a submission would be shed now. */
  public synchronized boolean full() {
    return undecided >= (int) window;
  }

  /** Takes a place, to be given back by {@link #decided}, {@link #silent} or {@link #left}. */
  synchronized boolean enter() {
    if (full()) {
      return false;
    }
    undecided++;
    return true;
  }

  /** Gives a place back because the outcome came. */
  synchronized void decided(long nowNs, long waitedNs) {
    if (waitedNs > bounds.target().toNanos()) {
      shrink(nowNs, waitedNs);
    } else if (undecided > window / 2) {
      window = Math.min(bounds.most(), window + GROW / window);
    }
    undecided--;
  }

  /** Gives a place back because the outcome did not come in the time it is waited for. */
  synchronized void silent(long nowNs) {
    shrink(nowNs, Long.MAX_VALUE);
    undecided--;
  }

  /** Gives a place back of what was not stored, which says nothing of those who decide. */
  synchronized void left() {
    undecided--;
  }

  /** How many submissions may be undecided now. */
  public synchronized int window() {
    return (int) window;
  }

  /** How many are. */
  public synchronized int undecided() {
    return undecided;
  }

  /** A late outcome of a few submissions is no queue of theirs. */
  private void shrink(long nowNs, long waitedNs) {
    if (undecided >= bounds.least() && nowNs - shrunkAtNs >= bounds.target().toNanos()) {
      // A window that was never filled says nothing of what can be taken.
      double room = (double) bounds.target().toNanos() / waitedNs;
      double kept = Math.max(MOST_SHRINK, Math.min(LEAST_SHRINK, room));
      window = Math.max(bounds.least(), Math.min(window, undecided) * kept);
      shrunkAtNs = nowNs;
    }
  }
}
