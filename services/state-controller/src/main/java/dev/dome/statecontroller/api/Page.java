package dev.dome.statecontroller.api;

import dev.dome.web.Cursors;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param nextCursor where the next page begins; absent on the last one
 */
public record Page<T>(List<T> items, String nextCursor) {

  /**
   * A page of rows that were read with one more than asked for, which tells whether there are more.
   *
   * @param cursors of the list
   * @param place of a row in it
   */
  static <R, T> Page<T> of(
      List<R> rows, int size, Function<R, T> view, Cursors cursors, Function<R, Record> place) {
    boolean more = rows.size() > size;
    List<R> shown = more ? rows.subList(0, size) : rows;
    return new Page<>(
        shown.stream().map(view).toList(),
        more ? cursors.encode(place.apply(shown.get(size - 1))) : null);
  }
}
