package dev.dome.client.model;

import java.util.List;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param nextCursor opaque, null on the last page
 */
public record Page<T>(List<T> items, String nextCursor) {
  public Optional<String> next() {
    return Optional.ofNullable(nextCursor);
  }
}
