package dev.dome.retryscheduler.application;

import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
   * @param batch timers fired in one transaction at most
   * @param roundMs one transaction, publishing included
   */
  public record Settings(long sweepMs, int batch, long roundMs) {}

  private final TimerStore store;
  private final TimerPublisher publisher;
  private final TimerObserver observer;
  private final Clock clock;
  private final Settings settings;
  private final Thread thread = Thread.ofVirtual().name("timer-firing").unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private long wakeAtMs;
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

  private void round() {
    // Set first: a timer that is stored while the store is asked then wakes the loop again.
    wakeNotAfter(clock.millis() + settings.sweepMs());
    try {
      boolean more = true;
      while (more && !closed) {
        TimerStore.Fired round =
            store
                .fireDue(clock.millis(), settings.batch(), this::publish)
                .await()
                .atMost(patience());
        round.due().stream()
            .filter(timer -> round.fired().contains(timer.timerId()))
            .forEach(timer -> observer.fired(timer, clock.millis() - timer.dueAtMs()));
        more = round.due().size() == settings.batch() && !round.fired().isEmpty();
      }
      store.nextDueAtMs().await().atMost(patience()).ifPresent(this::expectUnlessOverdue);
      observer.pending(store.pending().await().atMost(patience()));
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

  /** What is overdue even now could not be published: the sweep tries it again. */
  private void expectUnlessOverdue(long dueAtMs) {
    if (dueAtMs > clock.millis()) {
      expect(dueAtMs);
    }
  }

  private Duration patience() {
    return Duration.ofMillis(settings.roundMs());
  }

  private Uni<Set<String>> publish(List<Timer> due) {
    return Multi.createFrom()
        .iterable(due)
        .onItem()
        .transformToUni(
            timer -> publisher.publish(timer).map(publication -> acknowledged(timer, publication)))
        .merge(settings.batch())
        .collect()
        .in(HashSet<String>::new, Set::addAll)
        .map(Set::copyOf);
  }

  private Set<String> acknowledged(Timer timer, Publication publication) {
    return switch (publication) {
      case Publication.Stored stored -> Set.of(timer.timerId());
      case Publication.Failed failed -> {
        LOG.warnf("timer not published cause=%s detail=%s", failed.cause(), failed.detail());
        observer.failed();
        yield Set.of();
      }
    };
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
      long leftMs = wakeAtMs - clock.millis();
      while (leftMs > 0 && !closed) {
        earlier.awaitNanos(TimeUnit.MILLISECONDS.toNanos(leftMs));
        leftMs = wakeAtMs - clock.millis();
      }
    } finally {
      lock.unlock();
    }
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
