package dev.dome.kernel;

import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.util.List;

/**
 * Why an input was not accepted.
 *
 * @param kind how a caller should understand it
 * @param detail one sentence, "expected … but …"
 */
public record Rejection(Kind kind, ReasonCode reasonCode, String detail, List<FieldError> errors) {
  /** The HTTP status a rejection amounts to is the boundary's to derive from this. */
  public enum Kind {
    /** The document cannot be planned. 422. */
    UNPROCESSABLE,
    /** Not in this state, or not with this fence. 409. */
    CONFLICT,
    /** The actor may not. 403. */
    FORBIDDEN
  }
}
