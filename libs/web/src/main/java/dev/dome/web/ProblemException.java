package dev.dome.web;

import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that is answered with a problem instead of a result. It is an answer, not a failure, so
 * it carries no stack trace.
 */
public final class ProblemException extends RuntimeException {
  private final int status;
  private final transient ReasonCode reasonCode;
  private final boolean retryable;
  private final int retryAfterSeconds;
  private final transient List<FieldError> errors;
  private final String operationId;

  private ProblemException(
      int status,
      ReasonCode reasonCode,
      String detail,
      boolean retryable,
      int retryAfterSeconds,
      List<FieldError> errors) {
    this(status, reasonCode, detail, retryable, retryAfterSeconds, errors, null);
  }

  private ProblemException(
      int status,
      ReasonCode reasonCode,
      String detail,
      boolean retryable,
      int retryAfterSeconds,
      List<FieldError> errors,
      String operationId) {
    super(detail, null, false, false);
    this.status = status;
    this.reasonCode = reasonCode;
    this.retryable = retryable;
    this.retryAfterSeconds = retryAfterSeconds;
    this.errors = List.copyOf(errors);
    this.operationId = operationId;
  }

  /**
   * The same problem of a write that has a name of its own.
   *
   * @param operation may be null
   */
  public ProblemException about(String operation) {
    return new ProblemException(
        status, reasonCode, getMessage(), retryable, retryAfterSeconds, errors, operation);
  }

  /**
   * The same problem of one part of a body.
   *
   * @param pointer the JSON pointer of the part, within which the errors' own pointers are
   */
  public ProblemException below(String pointer) {
    List<FieldError> placed =
        errors.stream()
            .map(e -> new FieldError(pointer + e.pointer(), e.reasonCode(), e.detail()))
            .toList();
    return new ProblemException(
        status, reasonCode, getMessage(), retryable, retryAfterSeconds, placed, operationId);
  }

  /** A refusal that would be the same if it were asked again. */
  public static ProblemException of(int status, ReasonCode reasonCode, String detail) {
    return new ProblemException(status, reasonCode, detail, false, 0, List.of());
  }

  /** A refusal that names the offending places of the request's body. */
  public static ProblemException of(
      int status, ReasonCode reasonCode, String detail, List<FieldError> errors) {
    return new ProblemException(status, reasonCode, detail, false, 0, errors);
  }

  /** 408: the client fell silent; nothing was stored and asking again may help. */
  public static ProblemException fellSilent(ReasonCode reasonCode, String detail) {
    return new ProblemException(408, reasonCode, detail, true, 0, List.of());
  }

  public static ProblemException badRequest(ReasonCode reasonCode, String detail) {
    return of(400, reasonCode, detail);
  }

  public static ProblemException unauthorized(ReasonCode reasonCode, String detail) {
    return of(401, reasonCode, detail);
  }

  public static ProblemException forbidden(ReasonCode reasonCode, String detail) {
    return of(403, reasonCode, detail);
  }

  /**
   * Absent, or in a namespace the caller has no role in: the two are answered alike, so the reason
   * code follows from the path alone.
   */
  public static ProblemException notFound() {
    return of(404, WebReason.NOT_FOUND, null);
  }

  /** Absent below something the caller may read, such as the gate decision of an open run. */
  public static ProblemException notFound(ReasonCode reasonCode, String detail) {
    return of(404, reasonCode, detail);
  }

  /** 429: too many requests of this caller; nothing was stored. */
  public static ProblemException tooMany(ReasonCode reasonCode, String detail, int afterSeconds) {
    return new ProblemException(429, reasonCode, detail, true, afterSeconds, List.of());
  }

  /** 503: a part of dome is away or behind; nothing was stored. */
  public static ProblemException unavailable(
      ReasonCode reasonCode, String detail, int afterSeconds) {
    return new ProblemException(503, reasonCode, detail, true, afterSeconds, List.of());
  }

  public int status() {
    return status;
  }

  public ReasonCode reasonCode() {
    return reasonCode;
  }

  public boolean retryable() {
    return retryable;
  }

  /** Seconds after which trying again may help; present on 429 and 503. */
  public OptionalInt retryAfterSeconds() {
    return retryAfterSeconds > 0 ? OptionalInt.of(retryAfterSeconds) : OptionalInt.empty();
  }

  public List<FieldError> errors() {
    return errors;
  }

  /** The write that was refused, where it had a name. */
  public Optional<String> operationId() {
    return Optional.ofNullable(operationId);
  }
}
