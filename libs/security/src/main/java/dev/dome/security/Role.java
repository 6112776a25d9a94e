package dev.dome.security;

import java.util.Locale;
import java.util.Optional;

/** What a caller may be in a namespace. */
public enum Role {
  SUBMITTER,
  WORKER,
  APPROVER,
  OPERATOR,
  AUDITOR;

  /** The role's name in tokens and messages: lower case. */
  public String claim() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that name, if there is one. */
  public static Optional<Role> ofClaim(String claim) {
    for (Role role : values()) {
      if (role.claim().equals(claim)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
