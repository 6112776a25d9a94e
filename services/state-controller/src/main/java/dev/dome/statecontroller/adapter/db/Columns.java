package dev.dome.statecontroller.adapter.db;

import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Turns rows into one array for each column, as UNNEST takes them. */
final class Columns<T> {
  private final Collection<T> rows;
  private final Tuple tuple = Tuple.tuple();

  private Columns(Collection<T> rows) {
    this.rows = rows;
  }

  static <T> Columns<T> of(Collection<T> rows) {
    return new Columns<>(rows);
  }

  Columns<T> text(Function<T, String> column) {
    return add(column, String[]::new);
  }

  Columns<T> bigint(ToLongFunction<T> column) {
    return add(column::applyAsLong, Long[]::new);
  }

  Columns<T> integer(ToIntFunction<T> column) {
    return add(column::applyAsInt, Integer[]::new);
  }

  Columns<T> bool(Function<T, Boolean> column) {
    return add(column, Boolean[]::new);
  }

  private <V> Columns<T> add(Function<T, V> column, IntFunction<V[]> array) {
    tuple.addValue(rows.stream().map(column).toArray(array));
    return this;
  }

  Tuple tuple() {
    return tuple;
  }
}
