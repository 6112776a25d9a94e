package dev.dome.statecontroller.application;

import java.util.Collection;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The one way to the lane writer's thread, first in, first out. Deliveries wait for room, because
 * the stream keeps them; everything else is refused when there is none, because its asker repeats.
 */
public final class Mailbox {
  private final LinkedBlockingQueue<Command> queue;
  private volatile Command head;

  public Mailbox(int capacity) {
    this.queue = new LinkedBlockingQueue<>(capacity);
  }

  /** Waits for room. */
  public void put(Command command) throws InterruptedException {
    queue.put(command);
  }

  /** Whether there was room. */
  public boolean offer(Command command) {
    return queue.offer(command);
  }

  /** Waits until something is there or the time is over. */
  void await(long timeoutMs) throws InterruptedException {
    if (head == null) {
      head = queue.poll(timeoutMs, TimeUnit.MILLISECONDS);
    }
  }

  /** Moves what is there to the target, without waiting. */
  void drainTo(Collection<Command> target, int max) {
    if (max <= 0) {
      return;
    }
    int room = max;
    if (head != null) {
      target.add(head);
      head = null;
      room--;
    }
    queue.drainTo(target, room);
  }

  public int size() {
    return queue.size() + (head == null ? 0 : 1);
  }
}
