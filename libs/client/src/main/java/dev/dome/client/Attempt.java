package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.WorkerCalls.Renewed;
import dev.dome.client.model.Grant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One lease from its grant on, and the handler that works under it. Heartbeats go out at a third of
 * the lease's term; the first one a second after the grant, since a quick result needs none. They
 * begin before the handler does, for a lease may have to wait for its slot.
 */
final class Attempt {
  private static final System.Logger LOG = System.getLogger(Attempt.class.getName());
  private static final long FIRST_BEAT_MS = 1_000;
  private static final long SHORTEST_BEAT_MS = 100;
  private static final String HANDLER_EXCEPTION = "EXEC.HANDLER_FAILED";

  private final QueueWork work;
  private final TaskContext context;
  private final AtomicReference<Result> result = new AtomicReference<>();
  private final Thread handler;
  private volatile long leaseEndNanos;
  private volatile boolean finished;
  private Future<?> nextBeat;

  /**
   * A lease that is not yet renewed.
   *
   * @param termMs how long it holds from now
   */
  Attempt(QueueWork work, Grant grant, long termMs) {
    this.work = work;
    this.context = new TaskContext(grant);
    this.handler = Thread.ofVirtual().name("dome-" + grant.taskId()).unstarted(this::handle);
    hold(System.nanoTime(), termMs);
  }

  QueueWork work() {
    return work;
  }

  /** Renews the lease from now on. */
  void keepAlive() {
    scheduleBeat(Math.min(FIRST_BEAT_MS, remainingMs() / 3));
  }

  TaskContext context() {
    return context;
  }

  /** Runs the handler to its end; empty when the attempt was cancelled before it came. */
  Optional<Result> run() {
    if (context.cancelled().isEmpty()) {
      work.worker().settings().listener().started(context);
      handler.start();
      joinHandler();
    }
    end();
    return context.cancelled().isPresent() ? Optional.empty() : Optional.of(result.get());
  }

  /** Stops the handler; only the first reason counts. */
  void cancel(CancelReason reason) {
    if (!finished && context.cancel(reason)) {
      handler.interrupt();
    }
  }

  private void handle() {
    try {
      Result returned = work.handler().handle(context);
      result.set(
          returned == null
              ? Result.fail(HANDLER_EXCEPTION).withNotes("null")
              : returned.stored(work.worker().settings().evidence()));
    } catch (Throwable e) {
      // The message may hold anything, so only the type is reported.
      LOG.log(System.Logger.Level.DEBUG, () -> "handler failed task_id=" + context.taskId(), e);
      result.set(Result.fail(HANDLER_EXCEPTION).withNotes(e.getClass().getName()));
    }
  }

  /** An interrupt of the slot while its handler runs is passed on as a shutdown. */
  private void joinHandler() {
    while (handler.isAlive()) {
      try {
        handler.join();
      } catch (InterruptedException e) {
        cancel(CancelReason.SHUTDOWN);
      }
    }
  }

  /** The lease is renewed no more. */
  synchronized void end() {
    finished = true;
    if (nextBeat != null) {
      nextBeat.cancel(false);
    }
  }

  private synchronized void scheduleBeat(long delayMs) {
    if (finished || work.worker().heartbeats().isShutdown()) {
      return;
    }
    ScheduledFuture<?> scheduled =
        work.worker()
            .heartbeats()
            .schedule(
                () -> Thread.ofVirtual().start(this::beat),
                Math.max(SHORTEST_BEAT_MS, delayMs),
                TimeUnit.MILLISECONDS);
    nextBeat = scheduled;
  }

  private void beat() {
    if (finished || context.cancelled().isPresent()) {
      return;
    }
    long sentNanos = System.nanoTime();
    boolean renewed = renew(sentNanos);
    if (remainingMs() <= 0) {
      cancel(CancelReason.LEASE_LOST);
      return;
    }
    scheduleBeat(renewed ? remainingMs() / 3 : Math.min(500, remainingMs()));
  }

  private boolean renew(long sentNanos) {
    JsonNode progress = context.progress();
    long budgetMs = Math.max(SHORTEST_BEAT_MS, remainingMs() / 3);
    WorkerCalls calls =
        work.worker()
            .settings()
            .calls()
            .within(context.grant())
            .with(RetryPolicy.DEFAULT.within(Duration.ofMillis(budgetMs)));
    try {
      Renewed renewed =
          calls.heartbeat(context.grant().attemptId(), context.grant().fence(), progress);
      if (renewed.lease().drain()) {
        work.worker().drain();
      }
      if (renewed.lease().cancel()) {
        cancel(CancelReason.DIRECTIVE);
      } else {
        hold(sentNanos, renewed.termMs());
      }
      return true;
    } catch (DomeException e) {
      if (e.status() == 404 || e.status() == 409) {
        cancel(CancelReason.LEASE_LOST);
      }
      return false;
    }
  }

  private void hold(long fromNanos, long termMs) {
    leaseEndNanos = fromNanos + Duration.ofMillis(termMs).toNanos();
  }

  private long remainingMs() {
    return TimeUnit.NANOSECONDS.toMillis(leaseEndNanos - System.nanoTime());
  }
}
