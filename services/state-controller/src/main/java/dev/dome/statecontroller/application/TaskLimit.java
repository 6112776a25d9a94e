package dev.dome.statecontroller.application;

import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;

/**
 * A limit as a namespace's operators set it.
 *
 * @param maxConcurrent tasks that may be leased at once, or null where the limit says nothing of it
 * @param rate how often a task may be granted, or null likewise
 */
public record TaskLimit(NamespaceId namespace, LimitName name, Integer maxConcurrent, Rate rate) {
  private static final int DEFAULT_OF_KEYS = 1;

  /**
   * How many may hold what the name stands for, or null for any number.
   *
   * @param maxConcurrent as a limit has it that was set, or null
   */
  public static Integer slots(LimitName name, Integer maxConcurrent) {
    if (maxConcurrent != null) {
      return maxConcurrent;
    }
    return name.isKey() ? (Integer) DEFAULT_OF_KEYS : null;
  }
}
