package dev.dome.statecontroller.application;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What waits, taken one by one from each owner in turn, so that an owner of much delays another by
 * one of its own at most.
 *
 * @param <K> the owners, who have their turns in this order, over and over
 */
final class Turns<K extends Comparable<K>, T> {
  private final NavigableMap<K, Deque<T>> waiting = new TreeMap<>();
  private K last;

  /**
   * Nothing waits yet.
   *
   * @param last who had the last turn, null when nobody had
   */
  Turns(K last) {
    this.last = last;
  }

  /** Behind what waits of the same owner. */
  void add(K owner, T item) {
    waiting.computeIfAbsent(owner, k -> new ArrayDeque<>()).add(item);
  }

  /** Takes the next one; empty when nothing waits. */
  Optional<T> next() {
    Map.Entry<K, Deque<T>> turn = last == null ? null : waiting.higherEntry(last);
    if (turn == null) {
      turn = waiting.firstEntry();
    }
    if (turn == null) {
      return Optional.empty();
    }
    last = turn.getKey();
    T item = turn.getValue().remove();
    if (turn.getValue().isEmpty()) {
      waiting.remove(last);
    }
    return Optional.of(item);
  }

  /** Whose turn the last one was, null before the first. */
  K last() {
    return last;
  }
}
