package dev.dome.client;

import java.time.Duration;
import java.util.Optional;

/** One place of a worker: runs the handler for one attempt after the other. */
final class Slot {
  private final QueueWork work;
  private final Thread thread;
  private volatile Attempt current;

  Slot(QueueWork work, int number) {
    this.work = work;
    this.thread =
        Thread.ofVirtual().name("dome-slot-" + work.queue() + "-" + number).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean join(long deadlineNanos) throws InterruptedException {
    return thread.join(Worker.until(deadlineNanos));
  }

  void interrupt() {
    thread.interrupt();
  }

  void cancelAttempt(CancelReason reason) {
    Attempt attempt = current;
    if (attempt != null) {
      attempt.cancel(reason);
    }
  }

  private void run() {
    Backlog backlog = work.backlog();
    for (Optional<Attempt> next = backlog.take(); next.isPresent(); next = backlog.take()) {
      work(next.get());
    }
  }

  private void work(Attempt attempt) {
    long startNanos = System.nanoTime();
    current = attempt;
    Optional<Result> result = attempt.run();
    current = null;
    if (result.isPresent()) {
      Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
      work.worker().reporter().submit(new Report(attempt, result.get(), took));
      return;
    }
    CancelReason reason = attempt.context().cancelled().orElse(CancelReason.SHUTDOWN);
    work.worker().settings().listener().cancelled(attempt.context(), reason);
    if (reason == CancelReason.SHUTDOWN) {
      work.giveBack(attempt);
    }
    work.freePlaces(1);
  }
}
