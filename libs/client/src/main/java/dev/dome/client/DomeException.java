package dev.dome.client;

import dev.dome.contracts.artifact.Problem;
import dev.dome.contracts.id.ReasonCode;
import java.util.Optional;
import java.util.Set;

/**
 * dome refused a call, or could not be reached for as long as the retry policy allows. A refusal
 * carries the problem document and its reason code; without one the outcome is unknown and the call
 * is safe to repeat.
 */
public final class DomeException extends RuntimeException {
  private static final Set<Integer> PATIENCE = Set.of(408, 425, 429);

  private final transient Problem problem;
  private final long retryAfterMs;

  private DomeException(String message, Problem problem, long retryAfterMs, Throwable cause) {
    super(message, cause);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  static DomeException refused(Problem problem) {
    return refused(problem, 0);
  }

  /** A refusal that names a time before which a repeat is not welcome; 0 for none. */
  static DomeException refused(Problem problem, long retryAfterMs) {
    String code = problem.reasonCode() == null ? "" : " " + problem.reasonCode();
    String detail = problem.detail() == null ? problem.title() : problem.detail();
    return new DomeException(problem.status() + code + ": " + detail, problem, retryAfterMs, null);
  }

  static DomeException unknown(String message, Throwable cause) {
    return new DomeException(message, null, 0, cause);
  }

  /** The refusal; empty when no answer came. */
  public Optional<Problem> problem() {
    return Optional.ofNullable(problem);
  }

  /** The HTTP status of the refusal, 0 when no answer came. */
  public int status() {
    return problem == null ? 0 : problem.status();
  }

  /** How long the server asks to wait before a repeat, in milliseconds; 0 when it did not say. */
  public long retryAfterMs() {
    return retryAfterMs;
  }

  /**
   * Whether a repeat would be refused again: neither an unknown outcome nor a plea for patience.
   */
  public boolean isFinal() {
    return status() >= 400 && status() < 500 && !PATIENCE.contains(status());
  }

  public Optional<ReasonCode> reasonCode() {
    return problem().map(Problem::reasonCode);
  }

  /** Whether the refusal carries this reason code. */
  public boolean has(String reasonCode) {
    return reasonCode().filter(code -> code.value().equals(reasonCode)).isPresent();
  }
}
