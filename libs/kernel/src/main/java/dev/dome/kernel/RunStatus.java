package dev.dome.kernel;

/** Where a run stands; PROMOTED, REJECTED, CANCELLED and EXPIRED are final. */
public enum RunStatus {
  PLANNED,
  RUNNING,
  GATING,
  AWAITING_APPROVAL,
  PROMOTED,
  REJECTED,
  CANCELLED,
  EXPIRED;

  public boolean isFinal() {
    return this == PROMOTED || this == REJECTED || this == CANCELLED || this == EXPIRED;
  }
}
