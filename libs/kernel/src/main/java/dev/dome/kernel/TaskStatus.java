package dev.dome.kernel;

/** Where a task stands; DONE and BLOCKED are final. */
public enum TaskStatus {
  QUEUED,
  CLAIMED,
  RUNNING,
  GATED,
  DONE,
  BLOCKED
}
