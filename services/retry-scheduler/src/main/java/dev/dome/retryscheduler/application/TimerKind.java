package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.InboxKind;

/** What a timer wakes its run for. */
public enum TimerKind {
  /** The delay before a task's next attempt is over. */
  RETRY(InboxKind.RETRY_DUE, null),
  /** The time of an attempt is over. */
  TASK_DEADLINE(InboxKind.TASK_DEADLINE_DUE, "TRANSIENT.TIMEOUT"),
  /** The run's time budget is spent. */
  RUN_DEADLINE(InboxKind.RUN_DEADLINE_DUE, "RUN.DEADLINE_EXCEEDED"),
  /** Nobody approved in time. */
  APPROVAL_EXPIRY(InboxKind.RUN_DEADLINE_DUE, "APPROVAL.EXPIRED");

  private final InboxKind inboxKind;
  private final String reasonCode;

  TimerKind(InboxKind inboxKind, String reasonCode) {
    this.inboxKind = inboxKind;
    this.reasonCode = reasonCode;
  }

  public InboxKind inboxKind() {
    return inboxKind;
  }

  /** The reason the run is told, null for {@link #RETRY}. */
  public ReasonCode reasonCode() {
    return reasonCode == null ? null : new ReasonCode(reasonCode);
  }
}
