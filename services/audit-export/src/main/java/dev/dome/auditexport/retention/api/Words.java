package dev.dome.auditexport.retention.api;

import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;
import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reasons and authorities, which stay on record for good: one line of text without a secret.
 * Collects what is wrong, so that a caller is told all of it.
 */
final class Words {
  static final int MAX_CHARS = 500;

  private static final ReasonCode REQUIRED = new ReasonCode("SCHEMA.REQUIRED");
  private static final ReasonCode LENGTH = new ReasonCode("SCHEMA.LENGTH");
  private static final ReasonCode PATTERN = new ReasonCode("SCHEMA.PATTERN");
  private static final ReasonCode VIOLATION = new ReasonCode("SCHEMA.VIOLATION");
  private static final Pattern NOT_PRINTED = Pattern.compile("\\p{Cntrl}|\\p{C}");
  private static final Redactor REDACTOR = PatternRedactor.standard();

  private final List<FieldError> errors = new ArrayList<>();

  /** The text, whatever it is; {@link #check} tells whether it may be kept. */
  String needed(String text, String name) {
    if (text == null || text.isBlank()) {
      errors.add(new FieldError("/" + name, REQUIRED, "expected a text"));
    } else if (text.length() > MAX_CHARS) {
      errors.add(
          new FieldError("/" + name, LENGTH, "expected at most " + MAX_CHARS + " characters"));
    } else if (NOT_PRINTED.matcher(text).find()) {
      errors.add(new FieldError("/" + name, PATTERN, "expected one line of printed characters"));
    } else if (!REDACTOR.redactText(text).rules().isEmpty()) {
      errors.add(
          new FieldError("/" + name, WebReason.SECRET_IN_STEERING_FIELD, "expected no secret"));
    }
    return text;
  }

  /**
   * Passes when every text may be kept.
   *
   * @throws ProblemException 422 SCHEMA.VIOLATION that names everything wrong
   */
  void check() {
    if (!errors.isEmpty()) {
      throw ProblemException.of(422, VIOLATION, "The body does not fit.", errors);
    }
  }
}
