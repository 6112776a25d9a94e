package dev.dome.client.model;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** Where a run stands. */
public enum RunStatus {
  PLANNED,
  RUNNING,
  GATING,
  AWAITING_APPROVAL,
  PROMOTED,
  REJECTED,
  CANCELLED,
  EXPIRED,
  @JsonEnumDefaultValue
  UNKNOWN;

  /** Whether the run will never change again. */
  public boolean isFinal() {
    return this == PROMOTED || this == REJECTED || this == CANCELLED || this == EXPIRED;
  }
}
