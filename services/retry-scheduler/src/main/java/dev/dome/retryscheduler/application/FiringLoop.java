package dev.dome.retryscheduler.application;

import dev.dome.messaging.AtomicBatchPublisher;
import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Fires timers when they are due, on one virtual thread. It sleeps until the next one it knows of,
 * and sweeps the store at least every {@link Settings#sweepMs}, which finds timers that another
 * process stored or that a process which died left behind.
 */
public final class FiringLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(FiringLoop.class);

  /**
   * How it runs.
   *
   * @param sweepMs longest sleep; bounds how late a timer of another process is noticed
   * @param batch timers fired in one transaction at most, and so in one batch of messages
   * @param roundMs one transaction, publishing included
   * @param gatherMs least time between a round that fired timers and the next one, so that timers
   *     which come due one after another share transactions; delays a timer by as much at most
   */
  public record Settings(long sweepMs, int batch, long roundMs, long gatherMs) {
    public Settings {
      if (batch < 1 || batch > AtomicBatchPublisher.MAX_MESSAGES) {
        throw new IllegalArgumentException("batch expected 1..1000 but was " + batch);
      }
    }
  }

  /** Counting walks over every timer that waits, and nothing waits to be fired again. */
  private static final long SELDOM_MS = 5_000;

  private final TimerStore store;
  private final TimerPublisher publisher;
  private final TimerObserver observer;
  private final Clock clock;
  private final Settings settings;
  private final Thread thread = Thread.ofVirtual().name("timer-firing").unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private long wakeAtMs;
  private long notBeforeMs;
  private long seldomAtMs;

  /** The time as of which the store was last asked for what is due. */
  private long askedAtMs;

  private volatile boolean closed;
  private volatile long lastRoundMs;

  public FiringLoop(
      TimerStore store,
      TimerPublisher publisher,
      TimerObserver observer,
      Clock clock,
      Settings settings) {
    this.store = store;
    this.publisher = publisher;
    this.observer = observer;
    this.clock = clock;
    this.settings = settings;
    this.lastRoundMs = clock.millis();
  }

  public void start() {
    thread.start();
  }

  /** A timer due at that time has been stored. */
  public void expect(long dueAtMs) {
    lock.lock();
    try {
      if (dueAtMs < wakeAtMs) {
        wakeAtMs = dueAtMs;
        earlier.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Epoch milliseconds at which the store was last asked with success. */
  public long lastRoundMs() {
    return lastRoundMs;
  }

  /** Whether the loop's thread runs. */
  public boolean running() {
    return thread.isAlive();
  }

  private void run() {
    try {
      while (!closed) {
        round();
        sleep();
      }
    } catch (InterruptedException e) {
      LOG.debug("timer firing interrupted");
    }
  }

  /** Fires all that is due. For the loop's own thread, and for who drives a loop not started. */
  public void round() {
    // Set first: a timer that is stored while the store is asked then wakes the loop again.
    wakeNotAfter(clock.millis() + settings.sweepMs());
    try {
      boolean more = true;
      while (more && !closed) {
        more = fireOnce();
      }
      await(store.nextDueAtMs()).ifPresent(this::expectUnlessOverdue);
      seldom();
      lastRoundMs = clock.millis();
    } catch (RuntimeException e) {
      if (closed) {
        LOG.debug("timer round abandoned because the process stops");
        return;
      }
      observer.failed();
      LOG.warnf(
          "timer round failed type=%s cause=%s", e.getClass().getSimpleName(), e.getMessage());
    }
  }

  /** Fires what is due, up to a batch; whether there may be more. */
  private boolean fireOnce() {
    askedAtMs = clock.millis();
    List<Timer> fired = await(store.fireDue(askedAtMs, settings.batch(), this::publish));
    long now = clock.millis();
    fired.forEach(timer -> observer.fired(timer, now - timer.dueAtMs()));
    if (!fired.isEmpty()) {
      notBeforeMs = now + settings.gatherMs();
    }
    return fired.size() == settings.batch();
  }

  private void seldom() {
    if (clock.millis() - seldomAtMs >= SELDOM_MS) {
      int again = await(store.fireAgain(clock.millis(), settings.batch(), this::publish)).size();
      if (again > 0) {
        LOG.warnf("timers fired again because their runs did not move timers=%d", again);
        observer.firedAgain(again);
      }
      observer.pending(await(store.pending()));
      seldomAtMs = clock.millis();
    }
  }

  private <T> T await(Uni<T> work) {
    return work.await().atMost(Duration.ofMillis(settings.roundMs()));
  }

  /**
   * What was due when it was asked for could not be published: the sweep tries it again. What came
   * due since is fired at once.
   */
  private void expectUnlessOverdue(long dueAtMs) {
    if (dueAtMs > askedAtMs) {
      expect(dueAtMs);
    }
  }

  private Uni<Boolean> publish(List<Timer> due) {
    return publisher
        .publish(due)
        .map(publication ->
            switch (publication) {
              case Publication.Stored stored -> true;
              case Publication.Failed failed -> {
                LOG.warnf(
                    "timers not published timers=%d cause=%s detail=%s",
                    due.size(), failed.cause(), failed.detail());
                observer.failed();
                yield false;
              }
            });
  }

  private void wakeNotAfter(long atMs) {
    lock.lock();
    try {
      wakeAtMs = atMs;
    } finally {
      lock.unlock();
    }
  }

  private void sleep() throws InterruptedException {
    lock.lock();
    try {
      long leftMs = leftMs();
      while (leftMs > 0 && !closed) {
        earlier.awaitNanos(TimeUnit.MILLISECONDS.toNanos(leftMs));
        leftMs = leftMs();
      }
    } finally {
      lock.unlock();
    }
  }

  private long leftMs() {
    return Math.max(wakeAtMs, notBeforeMs) - clock.millis();
  }

  /** Stops; a round under way is abandoned, and its timers stay due. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(settings.roundMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
