package dev.dome.contracts.artifact;

import dev.dome.contracts.id.ReasonCode;
import java.util.List;

/**
 * RFC 9457 problem details with dome's extensions; media type {@code application/problem+json}.
 *
 * @param operationId the write that was refused or shed, by which what it left can be looked for;
 *     null for what never became one
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    ReasonCode reasonCode,
    boolean retryable,
    String traceId,
    String operationId,
    List<FieldError> errors) {
  public static final String MEDIA_TYPE = "application/problem+json";

  /**
   * One offending place.
   *
   * @param pointer RFC 6901 JSON pointer into the request body
   */
  public record FieldError(String pointer, ReasonCode reasonCode, String detail) {}
}
