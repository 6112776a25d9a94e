package dev.dome.client;

import dev.dome.contracts.artifact.Problem;
import dev.dome.contracts.id.ReasonCode;
import java.util.Optional;

/**
 * dome refused a call, or could not be reached for as long as the retry policy allows. A refusal
 * carries the problem document and its reason code; without one the outcome is unknown and the call
 * is safe to repeat.
 */
public final class DomeException extends RuntimeException {
  private final transient Problem problem;

  private DomeException(String message, Problem problem, Throwable cause) {
    super(message, cause);
    this.problem = problem;
  }

  static DomeException refused(Problem problem) {
    String code = problem.reasonCode() == null ? "" : " " + problem.reasonCode();
    String detail = problem.detail() == null ? problem.title() : problem.detail();
    return new DomeException(problem.status() + code + ": " + detail, problem, null);
  }

  static DomeException unknown(String message, Throwable cause) {
    return new DomeException(message, null, cause);
  }

  /** The refusal; empty when no answer came. */
  public Optional<Problem> problem() {
    return Optional.ofNullable(problem);
  }

  /** The HTTP status of the refusal, 0 when no answer came. */
  public int status() {
    return problem == null ? 0 : problem.status();
  }

  public Optional<ReasonCode> reasonCode() {
    return problem().map(Problem::reasonCode);
  }

  /** Whether the refusal carries this reason code. */
  public boolean has(String reasonCode) {
    return reasonCode().filter(code -> code.value().equals(reasonCode)).isPresent();
  }
}
