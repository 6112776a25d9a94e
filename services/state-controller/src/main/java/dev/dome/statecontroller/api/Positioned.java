package dev.dome.statecontroller.api;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * One stretch of an ordered record.
 *
 * @param nextAfter give this as {@code after} to go on; absent when there is nothing more for now
 */
public record Positioned<T>(List<T> items, Long nextAfter) {

  /** A stretch that may end before the record does; only an empty one is behind its end. */
  static <T> Positioned<T> upToLast(List<T> rows, ToLongFunction<T> position) {
    return new Positioned<>(rows, rows.isEmpty() ? null : position.applyAsLong(rows.getLast()));
  }

  /** A stretch of rows that were read with one more than asked for. */
  static <T> Positioned<T> of(List<T> rows, int size, ToLongFunction<T> position) {
    if (rows.size() <= size) {
      return new Positioned<>(rows, null);
    }
    List<T> shown = List.copyOf(rows.subList(0, size));
    return new Positioned<>(shown, position.applyAsLong(shown.getLast()));
  }
}
