package dev.dome.ingest.api;

import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.ingest.application.Refusal;
import dev.dome.web.ProblemException;
import java.util.List;

/** Refusals by their code: the status is the catalog's. */
final class Problems {
  private static final ReasonCodes CATALOG = ReasonCodes.standard();

  private Problems() {}

  static ProblemException of(String code, String detail) {
    return of(new ReasonCode(code), detail, List.of());
  }

  static ProblemException of(ReasonCode code, String detail, List<FieldError> errors) {
    return ProblemException.of(CATALOG.get(code).httpStatus(), code, detail, errors);
  }

  static ProblemException of(Refusal refusal) {
    return of(refusal.code(), refusal.detail(), refusal.errors());
  }

  /** 422 of many faults: their common code, or SCHEMA.VIOLATION. */
  static ProblemException violation(List<FieldError> errors) {
    ReasonCode first = errors.getFirst().reasonCode();
    boolean common = errors.stream().allMatch(error -> error.reasonCode().equals(first));
    return of(
        common ? first : new ReasonCode("SCHEMA.VIOLATION"),
        "The body does not fit its schema; errors names the places.",
        errors);
  }

  static ProblemException violation(String pointer, String code, String detail) {
    return violation(List.of(new FieldError(pointer, new ReasonCode(code), detail)));
  }

  /** 503: nothing was stored. */
  static ProblemException unavailable(String code, String detail, int retryAfterSeconds) {
    return ProblemException.unavailable(new ReasonCode(code), detail, retryAfterSeconds);
  }
}
