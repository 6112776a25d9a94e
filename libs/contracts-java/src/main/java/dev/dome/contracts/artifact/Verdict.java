package dev.dome.contracts.artifact;

/** A gate's or a promotion's answer; the sister substrate's word for it is beside it. */
public enum Verdict {
  APPROVE("PROMOTE"),
  REJECT("DENY"),
  NEEDS_HUMAN("STOP");

  private final String substrateStatus;

  Verdict(String substrateStatus) {
    this.substrateStatus = substrateStatus;
  }

  public String substrateStatus() {
    return substrateStatus;
  }
}
