package dev.dome.transparency;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Entries that tests log. */
final class Entries {
  private Entries() {}

  static List<byte[]> of(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> ("entry " + i).getBytes(StandardCharsets.UTF_8))
        .toList();
  }
}
