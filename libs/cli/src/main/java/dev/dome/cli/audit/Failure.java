package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.verification.FirstDifference;

/**
 * The first thing that does not hold, and its reason code; ends a check. Carries no stack trace: it
 * is a finding.
 */
final class Failure extends RuntimeException {
  /** An entry that is absolute, leads out of the bag, or is no plain file. */
  static final String PATH = "BUNDLE.PATH";

  /** More entries, or more content, than a check takes on. */
  static final String LIMIT = "BUNDLE.LIMIT";

  /** No bag, or a tag file that is not of its format. */
  static final String MALFORMED = "BUNDLE.MALFORMED";

  /** A file with another digest than the bag names. */
  static final String CHANGED = "BUNDLE.CHANGED";

  /** A file that the bag does not name, or a file, run or tombstone that is no part of it. */
  static final String ADDED = "BUNDLE.ADDED";

  /** A file, run or tombstone that the bag names, or a file that each has, and is not there. */
  static final String MISSING = "BUNDLE.MISSING";

  /** The digests hold, and what the files say does not hold together. */
  static final String CONTENT_DIFFERS = "BUNDLE.CONTENT_DIFFERS";

  /** It may hold, and is not what was kept elsewhere. */
  static final String NOT_AS_KEPT = "BUNDLE.NOT_AS_KEPT";

  private static final long serialVersionUID = 1L;

  private final String code;

  Failure(String code, String finding) {
    super(finding, null, false, false);
    this.code = code;
  }

  /** What the files say does not hold together. */
  Failure(String finding) {
    this(CONTENT_DIFFERS, finding);
  }

  /** As in the catalog of reason codes. */
  String code() {
    return code;
  }

  static void unless(boolean holds, String finding) {
    unless(holds, CONTENT_DIFFERS, finding);
  }

  static void unless(boolean holds, String code, String finding) {
    if (!holds) {
      throw new Failure(code, finding);
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
