package dev.dome.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Attempts that are leased and not yet begun, until the worker leaves. */
final class Backlog {
  private final Deque<Attempt> waiting = new ArrayDeque<>();
  private boolean closed;

  /** False when nothing is begun any more: the attempt is to be given back. */
  synchronized boolean add(Attempt attempt) {
    if (closed) {
      return false;
    }
    waiting.add(attempt);
    notifyAll();
    return true;
  }

  /** The next attempt to begin; empty when there will be none. */
  synchronized Optional<Attempt> take() {
    while (waiting.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        return Optional.empty();
      }
    }
    return closed ? Optional.empty() : Optional.of(waiting.remove());
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** What was still waiting when the backlog was closed. */
  synchronized List<Attempt> rest() {
    List<Attempt> rest = new ArrayList<>(waiting);
    waiting.clear();
    return rest;
  }
}
