package dev.dome.ingest.application;

import java.time.Duration;

/**
 * How many submissions may be undecided at once. New work waits so that work under way can end:
 * results, releases and orders are never held up here.
 *
 * <p>The window moves as TCP's does: a window's worth of outcomes that came in time makes it one
 * larger while it is in use, and one that came late, or did not come, makes it a tenth smaller, at
 * most once in the target time. So the wait for an outcome stays near the target however much is
 * asked for. The floor keeps some submissions coming while the controllers are away, few enough
 * that what they left is caught up with. Safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5681#section-3.1">RFC 5681, 3.1</a>
 */
public final class Admission {
  private static final double SHRINK = 0.9;

  private final Bounds bounds;
  private double window;
  private int undecided;
  private long shrunkAtNs;

  /**
   * What the window may be.
   *
   * @param least submissions at once, whatever happens
   * @param most submissions at once, where the window begins
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
    this.window = bounds.most();
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
      shrink(nowNs);
    } else if (undecided > window / 2) {
      window = Math.min(bounds.most(), window + 1 / window);
    }
    undecided--;
  }

  /** Gives a place back because the outcome did not come in the time it is waited for. */
  synchronized void silent(long nowNs) {
    shrink(nowNs);
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
  private void shrink(long nowNs) {
    if (undecided >= bounds.least() && nowNs - shrunkAtNs >= bounds.target().toNanos()) {
      // A window that was never filled says nothing of what can be taken.
      window = Math.max(bounds.least(), Math.min(window, undecided) * SHRINK);
      shrunkAtNs = nowNs;
    }
  }
}
