package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.verification.FirstDifference;

/** The first thing that does not hold; ends a check. Carries no stack trace: it is a finding. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Failure(String finding) {
    super(finding, null, false, false);
  }

  static void unless(boolean holds, String finding) {
    if (!holds) {
      throw new Failure(finding);
    }
  }

  /**
   * Unless both have one canonical form; names the first place at which they differ.
   *
   * @param at begins the finding
   */
  static void unlessSame(String at, JsonNode recorded, JsonNode derived) {
    FirstDifference.between(recorded, derived)
        .ifPresent(difference -> {
          throw new Failure(
              "%s%s is %s but should be %s"
                  .formatted(
                      at, difference.pointer(), difference.recorded(), difference.derived()));
        });
  }
}
