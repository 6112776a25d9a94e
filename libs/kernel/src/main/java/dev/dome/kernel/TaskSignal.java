package dev.dome.kernel;

/** What can move a task. */
public enum TaskSignal {
  /** A worker was granted the task. */
  CLAIM,
  /** The first sign of life of the attempt. */
  RUN,
  /** The task's own checks held, or the run was promoted. */
  GATE_PASS,
  /** The task failed for good, or the run was not promoted. */
  GATE_FAIL,
  /** The task cannot go on: a dependency, the budget, or the end of the run. */
  BLOCK,
  /** Another attempt follows a transient failure. */
  RETRY,
  /** The worker fell silent or gave the task back. */
  LEASE_EXPIRED,
  /** The run that this one redrives has passed the task. */
  CARRY
}
