package dev.dome.contracts.wire;

/** What an inbox message asks for. */
public enum InboxKind {
  SUBMIT_RUN,
  REPORT_RESULT,
  RELEASE_TASK,
  CANCEL_RUN,
  PAUSE_RUN,
  RESUME_RUN,
  DECIDE_APPROVAL,
  RETRY_DUE,
  TASK_DEADLINE_DUE,
  RUN_DEADLINE_DUE,
  /** About every run of the lane whose tasks the breaker guards, so neither run nor attempt. */
  BREAKER_CHANGED,
  /** About the lane itself: publish its journal again from a position on. */
  REPUBLISH_LANE
}
