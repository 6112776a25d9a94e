package dev.dome.deployment;

import java.util.ArrayList;
import java.util.List;

/** Violations as they are found. */
final class Findings {
  private final List<String> found = new ArrayList<>();

  // The annotation that would be wanted here is a library for this one line.
  @SuppressWarnings("AnnotateFormatMethod")
  void require(boolean holds, String message, Object... arguments) {
    if (!holds) {
      found.add(message.formatted(arguments));
    }
  }

  List<String> all() {
    return List.copyOf(found);
  }
}
