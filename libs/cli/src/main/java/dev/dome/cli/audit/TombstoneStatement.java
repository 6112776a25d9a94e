package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.transparency.BundleCheck;

/** What holds a tombstone: a statement about just that one, signed by known keys and logged. */
final class TombstoneStatement {
  private static final String PREDICATE = "https://dome.local/predicates/tombstone/v1";

  private TombstoneStatement() {}

  /**
   * Checks a bundle.
   *
   * @param at begins the finding
   * @param digest of the tombstone's document, which must be the statement's subject
   * @return at which leaf the log has it
   * @throws Failure with the reason of the bundle's check, or when it is about something else
   */
  static long held(String at, byte[] bundle, String digest, BundleCheck keys) {
    return switch (keys.check(bundle)) {
      case BundleCheck.Verdict.Refused refused ->
          throw new Failure(refused.reason().code(), at + refused.message());
      case BundleCheck.Verdict.Accepted accepted -> {
        Failure.unless(
            isAbout(accepted.statement(), digest), at + "the statement is about something else");
        yield accepted.logIndex();
      }
    };
  }

  /** The statement of another tombstone verifies as well. */
  private static boolean isAbout(JsonNode statement, String digest) {
    return statement.path("predicateType").asText().equals(PREDICATE)
        && statement.at("/subject/0/digest/sha256").asText().equals(digest);
  }
}
