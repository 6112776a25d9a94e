package dev.dome.contracts.artifact;

/** What a task came to. */
public enum ResultStatus {
  PASS,
  FAIL,
  BLOCKED
}
