package dev.dome.web;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.Problem;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Problems as HTTP responses: RFC 9457, {@code application/problem+json}. */
public final class ProblemResponses {
  /** Names the operation that a write became, or would have become, on its every answer. */
  public static final String OPERATION_ID = "Dome-Operation-Id";

  private static final int DATABASE_RETRY_AFTER_SECONDS = 1;
  private static final String TYPE_PREFIX = "urn:dome:reason-code:";

  /** Codes that must not tell an absent thing from one the caller may not know of. */
  private static final Set<ReasonCode> HIDDEN =
      Set.of(
          WebReason.NOT_FOUND,
          WebReason.RUN_NOT_FOUND,
          WebReason.ATTEMPT_NOT_FOUND,
          WebReason.OPERATION_NOT_FOUND,
          WebReason.EVIDENCE_NOT_FOUND);

  private ProblemResponses() {}

  /**
   * The response to a problem.
   *
   * @param path of the request, decoded; named as the problem's instance
   */
  public static Response of(ProblemException problem, String path) {
    if (HIDDEN.contains(problem.reasonCode())) {
      return notFound(path);
    }
    Problem body =
        new Problem(
            TYPE_PREFIX + problem.reasonCode(),
            title(problem.status()),
            problem.status(),
            problem.getMessage(),
            path,
            problem.reasonCode(),
            problem.retryable(),
            traceId().orElse(null),
            problem.operationId().orElse(null),
            absentWhenEmpty(problem.errors()));
    Response.ResponseBuilder response = respond(body);
    problem.operationId().ifPresent(id -> response.header(OPERATION_ID, id));
    problem.retryAfterSeconds().ifPresent(s -> response.header(HttpHeaders.RETRY_AFTER, s));
    if (problem.status() == 401) {
      response.header(HttpHeaders.WWW_AUTHENTICATE, challenge(problem.reasonCode()));
    }
    return response.build();
  }

  /** 503: the service's database is away or slow; nothing was changed. */
  public static Response databaseAway(String path) {
    return of(
        ProblemException.unavailable(
            WebReason.POSTGRES_UNAVAILABLE,
            "The record cannot be read right now.",
            DATABASE_RETRY_AFTER_SECONDS),
        path);
  }

  /**
   * The one 404. It says nothing but what the path already says — no instance, no trace id — so
   * that a thing of another namespace and a thing that does not exist are the same bytes.
   */
  private static Response notFound(String path) {
    ReasonCode code = notFoundCode(path);
    Problem body =
        new Problem(
            TYPE_PREFIX + code,
            title(404),
            404,
            "There is no such resource, or you have no role in its namespace.",
            null,
            code,
            false,
            null,
            null,
            null);
    return respond(body).build();
  }

  private static ReasonCode notFoundCode(String path) {
    String[] segments = path.split("/", -1);
    // "", v1, namespaces, {ns}, {collection}, {id}, …
    if (segments.length < 6 || !segments[2].equals("namespaces")) {
      return WebReason.NOT_FOUND;
    }
    return switch (segments[4]) {
      case "runs" -> WebReason.RUN_NOT_FOUND;
      case "attempts" -> WebReason.ATTEMPT_NOT_FOUND;
      case "operations" -> WebReason.OPERATION_NOT_FOUND;
      case "evidence" -> WebReason.EVIDENCE_NOT_FOUND;
      default -> WebReason.NOT_FOUND;
    };
  }

  private static Response.ResponseBuilder respond(Problem body) {
    return Response.status(body.status()).type(Problem.MEDIA_TYPE).entity(Json.write(body));
  }

  /** RFC 6750 section 3: without a token there is no error to name. */
  private static String challenge(ReasonCode code) {
    String realm = "Bearer realm=\"dome\"";
    return code.equals(WebReason.NO_TOKEN) ? realm : realm + ", error=\"invalid_token\"";
  }

  private static String title(int status) {
    Response.Status known = Response.Status.fromStatusCode(status);
    return known == null ? "Error" : known.getReasonPhrase();
  }

  private static List<FieldError> absentWhenEmpty(List<FieldError> errors) {
    return errors.isEmpty() ? null : errors;
  }

  private static Optional<String> traceId() {
    SpanContext span = Span.current().getSpanContext();
    return span.isValid() ? Optional.of(span.getTraceId()) : Optional.empty();
  }
}
