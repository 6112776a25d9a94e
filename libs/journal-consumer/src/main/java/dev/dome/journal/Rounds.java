package dev.dome.journal;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a service does again and again beside its requests: one round after the other on a virtual
 * thread of its own, with a sleep between two that ends early when somebody wakes it. Who wakes it
 * after he made something known is followed by a round that begins after that.
 */
public final class Rounds implements AutoCloseable {
  private final LongSupplier round;
  private final long leaveMs;
  private final Thread thread;
  private final Semaphore news = new Semaphore(0);
  private volatile boolean closed;

  /**
   * Rounds that are not begun.
   *
   * @param name of the thread
   * @param leaveMs how long a round may go on when {@link #close} has come
   * @param round gives how many ms to sleep after it, 0 for none; it throws nothing
   */
  public Rounds(String name, long leaveMs, LongSupplier round) {
    this.round = round;
    this.leaveMs = leaveMs;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** There may be something to do. */
  public void wake() {
    news.release();
  }

  /** Whether the thread lives. */
  public boolean running() {
    return thread.isAlive();
  }

  /** Whether the round under way shall leave. */
  public boolean closed() {
    return closed;
  }

  private void run() {
    try {
      while (!closed) {
        long sleepMs = round.getAsLong();
        if (news.tryAcquire(sleepMs, TimeUnit.MILLISECONDS)) {
          // Whatever else was said by now is done in the round that comes.
          news.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      // By close, which has no more time for this round.
      closed = true;
    }
  }

  /** Ends the sleep, gives the round under way its time to end, and then interrupts it. */
  @Override
  public void close() {
    closed = true;
    news.release();
    try {
      thread.join(leaveMs);
      thread.interrupt();
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
