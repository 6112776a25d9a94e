package dev.dome.journal.adapter.db;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Rows as one array for each column, as {@code unnest} takes them, so that a statement is the same
 * whatever their number.
 */
public final class Columns<T> {
  private final List<T> rows;

  public Columns(List<T> rows) {
    this.rows = rows;
  }

  public String[] texts(Function<T, String> of) {
    return column(of, String[]::new);
  }

  public Long[] longs(Function<T, Long> of) {
    return column(of, Long[]::new);
  }

  public Integer[] integers(Function<T, Integer> of) {
    return column(of, Integer[]::new);
  }

  public Boolean[] flags(Function<T, Boolean> of) {
    return column(of, Boolean[]::new);
  }

  private <C> C[] column(Function<T, C> of, IntFunction<C[]> array) {
    return rows.stream().map(of).toArray(array);
  }
}
