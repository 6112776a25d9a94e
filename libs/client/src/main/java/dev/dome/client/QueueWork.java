package dev.dome.client;

import dev.dome.client.WorkerCalls.ClaimRequest;
import dev.dome.client.WorkerCalls.Granted;
import dev.dome.client.model.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * One queue of a worker: a claimer, the slots that run its handler, and the places that attempts
 * take. There are as many places as slots plus what may be leased ahead; an attempt has its place
 * from the claim that asks for it until its result is answered.
 */
final class QueueWork {
  private static final int MAX_TASKS = 100;
  private static final String RELEASED = "TRANSIENT.RELEASED";

  private final Worker worker;
  private final String queue;
  private final TaskHandler handler;
  private final Backlog backlog = new Backlog();
  private final Semaphore places;
  private final Claimer claimer;
  private final List<Slot> slots = new ArrayList<>();

  QueueWork(Worker worker, String queue, TaskHandler handler, int concurrency, int prefetch) {
    this.worker = worker;
    this.queue = queue;
    this.handler = handler;
    this.places = new Semaphore(concurrency + prefetch);
    this.claimer = new Claimer(this);
    for (int i = 0; i < concurrency; i++) {
      slots.add(new Slot(this, i));
    }
  }

  Worker worker() {
    return worker;
  }

  TaskHandler handler() {
    return handler;
  }

  Backlog backlog() {
    return backlog;
  }

  String queue() {
    return queue;
  }

  List<Slot> slots() {
    return slots;
  }

  void start() {
    slots.forEach(Slot::start);
    claimer.start();
  }

  /** Begins nothing new. */
  void close() {
    backlog.close();
  }

  void interruptClaim() {
    claimer.interruptClaim();
  }

  boolean join(long deadlineNanos) throws InterruptedException {
    boolean stopped = claimer.join(deadlineNanos);
    for (Slot slot : slots) {
      stopped = slot.join(deadlineNanos) && stopped;
    }
    return stopped;
  }

  /** Waits for a free place and takes all there are, as far as one claim may ask for. */
  int takePlaces() throws InterruptedException {
    places.acquire();
    int taken = 1;
    while (taken < MAX_TASKS && places.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  void freePlaces(int count) {
    places.release(count);
  }

  /** A claim under a name of its own. */
  ClaimRequest newClaim(int maxTasks, int waitSeconds) {
    return worker.newClaim(queue, maxTasks, waitSeconds);
  }

  /**
   * Takes what a claim was granted.
   *
   * @param taken places that the claim asked for; those without a task are free again
   */
  void keep(Granted granted, int taken) {
    if (granted.drain()) {
      worker.drain();
    }
    for (Grant grant : granted.tasks()) {
      Attempt attempt = new Attempt(this, grant, granted.termMs(grant));
      attempt.keepAlive();
      if (!backlog.add(attempt)) {
        giveBack(attempt);
      }
    }
    freePlaces(Math.max(0, taken - granted.tasks().size()));
  }

  /** Releases an attempt unworked, unless its lease is lost already. */
  void giveBack(Attempt attempt) {
    attempt.end();
    Grant grant = attempt.context().grant();
    boolean lost =
        attempt.context().cancelled().filter(why -> why != CancelReason.SHUTDOWN).isPresent();
    if (lost) {
      return;
    }
    try {
      worker.settings().calls().within(grant).release(grant.attemptId(), grant.fence(), RELEASED);
    } catch (DomeException e) {
      worker.settings().listener().refused("release", e);
    }
  }
}
