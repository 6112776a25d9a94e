package dev.dome.client;

import dev.dome.client.Worker.Leased;
import dev.dome.client.WorkerCalls.ClaimRequest;
import dev.dome.client.WorkerCalls.Granted;
import dev.dome.client.WorkerCalls.ReportedAt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** One place of a worker: claims, works and reports one task after the other. */
final class Slot {
  private static final System.Logger LOG = System.getLogger(Slot.class.getName());
  private static final RetryPolicy PATIENCE =
      new RetryPolicy(Duration.ZERO, Duration.ofMillis(100), Duration.ofSeconds(5));
  private static final String RELEASED = "TRANSIENT.RELEASED";

  private final Worker worker;
  private final Thread thread;
  private final Deque<Leased> leased = new ArrayDeque<>();
  private volatile Attempt current;
  private boolean claiming;

  Slot(Worker worker, int number) {
    this.worker = worker;
    this.thread = Thread.ofVirtual().name("dome-slot-" + number).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean join(Duration patience) throws InterruptedException {
    return thread.join(patience);
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Ends a claim that the server holds; a slot at work is left alone. */
  synchronized void interruptClaim() {
    if (claiming) {
      thread.interrupt();
    }
  }

  void cancelAttempt(CancelReason reason) {
    Attempt attempt = current;
    if (attempt != null) {
      attempt.cancel(reason);
    }
  }

  private void run() {
    while (!worker.aborted() && (!worker.draining() || !leased.isEmpty())) {
      Leased next = leased.poll();
      if (next == null) {
        claim();
      } else if (worker.draining()) {
        release(next);
      } else {
        work(next);
      }
    }
  }

  private void claim() {
    ClaimRequest request = worker.newClaim(worker.settings().waitSeconds());
    for (int failures = 1; !worker.draining(); failures++) {
      try {
        enterClaim();
        keep(worker.settings().calls().claim(request));
        return;
      } catch (DomeException e) {
        if (!worker.draining()) {
          onFailedClaim(e, failures);
        }
      } finally {
        exitClaim();
      }
    }
    takeBack(request);
  }

  /** A claim given up half-way may have been granted meanwhile; its repeat would tell. */
  private void takeBack(ClaimRequest request) {
    try {
      keep(worker.settings().calls().with(PATIENCE).claim(request.atOnce()));
    } catch (DomeException e) {
      LOG.log(System.Logger.Level.DEBUG, "claim left behind claim_id={0}", request.claimId());
    }
  }

  private void onFailedClaim(DomeException e, int failures) {
    if (e.status() != 0) {
      worker.settings().listener().refused("claim", e);
    }
    LOG.log(
        System.Logger.Level.DEBUG,
        "claim failed queue={0} status={1} failures={2}",
        worker.settings().queue(),
        Integer.toString(e.status()),
        Integer.toString(failures));
    patience(failures);
  }

  private void keep(Granted granted) {
    granted.tasks().forEach(grant -> leased.add(new Leased(grant, granted.termMs(grant))));
    if (granted.drain()) {
      worker.drain();
    }
  }

  private void work(Leased next) {
    Attempt attempt = new Attempt(worker, next);
    current = attempt;
    worker.settings().listener().started(attempt.context());
    long start = System.nanoTime();
    Optional<Result> result = attempt.run();
    current = null;
    if (result.isPresent()) {
      report(attempt.context(), result.get(), Duration.ofNanos(System.nanoTime() - start));
      return;
    }
    CancelReason reason = attempt.context().cancelled().orElse(CancelReason.SHUTDOWN);
    worker.settings().listener().cancelled(attempt.context(), reason);
    if (reason == CancelReason.SHUTDOWN) {
      release(next);
    }
  }

  /** Sends the same bytes until they are answered; the server knows a repeat. */
  private void report(TaskContext context, Result result, Duration took) {
    ClaimRequest claimNext = worker.draining() || !leased.isEmpty() ? null : worker.newClaim(0);
    String body = WorkerCalls.resultBody(context.grant(), result, took, claimNext);
    for (int failures = 1; !worker.aborted(); failures++) {
      try {
        ReportedAt answer =
            worker
                .settings()
                .calls()
                .within(context.grant())
                .result(context.grant().attemptId(), body);
        keep(answer.granted());
        worker.settings().listener().reported(context, result, answer.reported());
        return;
      } catch (DomeException e) {
        if (e.status() >= 400 && e.status() < 500 && e.status() != 429) {
          worker.settings().listener().refused("result", e);
          return;
        }
        patience(failures);
      }
    }
  }

  private void release(Leased lease) {
    try {
      worker
          .settings()
          .calls()
          .within(lease.grant())
          .release(lease.grant().attemptId(), lease.grant().fence(), RELEASED);
    } catch (DomeException e) {
      worker.settings().listener().refused("release", e);
    }
  }

  private synchronized void enterClaim() {
    claiming = true;
    if (worker.draining()) {
      thread.interrupt();
    }
  }

  private synchronized void exitClaim() {
    claiming = false;
    if (Thread.interrupted() && !worker.draining()) {
      LOG.log(System.Logger.Level.DEBUG, "interrupted while claiming");
    }
  }

  private void patience(int failures) {
    try {
      Thread.sleep(PATIENCE.delayMs(failures, 0));
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "interrupted while waiting to try again");
    }
  }
}
