package dev.dome.client.model;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** Where a task stands. */
public enum TaskStatus {
  QUEUED,
  CLAIMED,
  RUNNING,
  GATED,
  DONE,
  BLOCKED,
  @JsonEnumDefaultValue
  UNKNOWN;

  /** Whether the task has reported for the last time. */
  public boolean isSettled() {
    return this == GATED || this == DONE || this == BLOCKED;
  }
}
