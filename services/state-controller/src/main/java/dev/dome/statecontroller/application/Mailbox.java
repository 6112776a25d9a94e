package dev.dome.statecontroller.application;

import java.util.Collection;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The one way to the lane writer's thread, first in, first out. Deliveries wait for room, because
 * the stream keeps them; everything else is refused when there is none, because its asker repeats.
 */
public final class Mailbox {
  private final LinkedBlockingQueue<Command> queue;
  private final int maxBytes;
  private final Semaphore roomBytes;
  private volatile Command head;

  /**
   * An empty one.
   *
   * @param capacity in commands
   * @param maxBytes of the deliveries in it; a larger one is let in alone
   */
  public Mailbox(int capacity, int maxBytes) {
    this.queue = new LinkedBlockingQueue<>(capacity);
    this.maxBytes = maxBytes;
    this.roomBytes = new Semaphore(maxBytes);
  }

  /** Waits for room. */
  public void put(Command command) throws InterruptedException {
    int bytes = bytes(command);
    roomBytes.acquire(bytes);
    try {
      queue.put(command);
    } catch (InterruptedException e) {
      roomBytes.release(bytes);
      throw e;
    }
  }

  /** Whether there was room. */
  public boolean offer(Command command) {
    int bytes = bytes(command);
    if (!roomBytes.tryAcquire(bytes)) {
      return false;
    }
    boolean taken = queue.offer(command);
    if (!taken) {
      roomBytes.release(bytes);
    }
    return taken;
  }

  /** What the command takes of the room. */
  private int bytes(Command command) {
    return (int) Math.min(maxBytes, command.bytes());
  }

  /** Waits until something is there or the time is over. */
  void await(long timeoutMs) throws InterruptedException {
    if (head == null) {
      head = queue.poll(timeoutMs, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Moves what is there to the target, without waiting.
   *
   * @param max commands
   * @param heldBytes that whoever takes them holds already; with as many as the mailbox may have it
   *     gets nothing
   */
  void drainTo(Collection<Command> target, int max, long heldBytes) {
    long held = heldBytes;
    for (int i = 0; i < max && held < maxBytes; i++) {
      Command next = head == null ? queue.poll() : head;
      head = null;
      if (next == null) {
        return;
      }
      roomBytes.release(bytes(next));
      held += next.bytes();
      target.add(next);
    }
  }

  public int size() {
    return queue.size() + (head == null ? 0 : 1);
  }
}
