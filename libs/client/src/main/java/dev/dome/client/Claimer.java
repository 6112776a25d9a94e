package dev.dome.client;

import dev.dome.client.WorkerCalls.ClaimRequest;
import java.time.Duration;

/** Asks one queue for as many tasks as there are places, until the worker drains. */
final class Claimer {
  private static final System.Logger LOG = System.getLogger(Claimer.class.getName());
  private static final RetryPolicy TAKE_BACK = RetryPolicy.DEFAULT.within(Duration.ofSeconds(5));

  private final QueueWork work;
  private final Thread thread;
  private boolean interruptible;

  Claimer(QueueWork work) {
    this.work = work;
    this.thread = Thread.ofVirtual().name("dome-claims-" + work.queue()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean join(long deadlineNanos) throws InterruptedException {
    return thread.join(Worker.until(deadlineNanos));
  }

  /** Ends a claim that the server holds, or the wait for a place. */
  synchronized void interruptClaim() {
    if (interruptible) {
      thread.interrupt();
    }
  }

  private void run() {
    while (!draining()) {
      int places = awaitPlaces();
      if (places > 0) {
        claim(places);
      }
    }
    work.backlog().rest().forEach(work::giveBack);
  }

  private int awaitPlaces() {
    try {
      enter();
      return work.takePlaces();
    } catch (InterruptedException e) {
      return 0;
    } finally {
      exit();
    }
  }

  private void claim(int places) {
    ClaimRequest request = work.newClaim(places, settings().waitSeconds());
    boolean unknown = false;
    for (int failures = 1; !draining(); failures++) {
      try {
        enter();
        WorkerCalls.Granted granted = settings().calls().claim(request);
        exit();
        work.keep(granted, places);
        return;
      } catch (DomeException e) {
        unknown = e.status() == 0;
        if (!draining()) {
          onFailure(e, failures);
        }
      } finally {
        exit();
      }
    }
    if (unknown) {
      takeBack(request, places);
    }
  }

  /** A claim given up half-way may have been granted meanwhile; its repeat would tell. */
  private void takeBack(ClaimRequest request, int places) {
    try {
      work.keep(settings().calls().with(TAKE_BACK).claim(request.atOnce()), places);
    } catch (DomeException e) {
      LOG.log(System.Logger.Level.DEBUG, "claim left behind claim_id={0}", request.claimId());
    }
  }

  private void onFailure(DomeException e, int failures) {
    if (e.status() != 0) {
      settings().listener().refused("claim", e);
    }
    LOG.log(
        System.Logger.Level.DEBUG,
        "claim failed queue={0} status={1} failures={2}",
        work.queue(),
        Integer.toString(e.status()),
        Integer.toString(failures));
    try {
      Thread.sleep(Patience.after(e, failures));
    } catch (InterruptedException interrupt) {
      LOG.log(System.Logger.Level.DEBUG, "interrupted while waiting to claim again");
    }
  }

  private synchronized void enter() {
    interruptible = true;
    if (draining()) {
      thread.interrupt();
    }
  }

  /** From here on nobody interrupts, and an interrupt that came is forgotten. */
  private synchronized void exit() {
    interruptible = false;
    if (Thread.interrupted() && !draining()) {
      LOG.log(System.Logger.Level.DEBUG, "interrupted while claiming");
    }
  }

  private boolean draining() {
    return work.worker().draining();
  }

  private Worker.Settings settings() {
    return work.worker().settings();
  }
}
