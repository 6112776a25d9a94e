package dev.dome.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every exception that leaves a resource becomes a problem; no stack trace reaches a client. */
public final class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  @ServerExceptionMapper
  public Response problem(ProblemException problem, UriInfo uri) {
    return ProblemResponses.of(problem, path(uri));
  }

  @ServerExceptionMapper
  public Response jaxRs(WebApplicationException failure, UriInfo uri, Request request) {
    int status = failure.getResponse().getStatus();
    if (status >= 500) {
      return internal(failure, uri);
    }
    if (status < 400) {
      return failure.getResponse();
    }
    if (status == 404 || status == 405) {
      return unrouted(uri, request);
    }
    return refused(status, uri);
  }

  /** The framework may say 404 where another resource has the path with other methods. */
  private static Response unrouted(UriInfo uri, Request request) {
    SortedSet<String> methods = ResourceMethods.on(uri.getRequestUri().getPath());
    if (methods.isEmpty() || methods.contains(request.getMethod())) {
      return ProblemResponses.of(ProblemException.notFound(), path(uri));
    }
    return Response.fromResponse(refused(405, uri))
        .header(HttpHeaders.ALLOW, String.join(", ", methods))
        .build();
  }

  private static Response refused(int status, UriInfo uri) {
    return ProblemResponses.of(
        ProblemException.of(status, reasonCode(status), detail(status)), path(uri));
  }

  /** JSON that does not fit: where, and never what was there. */
  @ServerExceptionMapper
  public Response mismatchedJson(MismatchedInputException failure, UriInfo uri) {
    ReasonCode code =
        failure instanceof UnrecognizedPropertyException
            ? WebReason.UNKNOWN_FIELD
            : WebReason.WRONG_TYPE;
    return ProblemResponses.of(
        ProblemException.of(
            422,
            code,
            "The body does not fit; errors names the place.",
            List.of(new FieldError(pointer(failure), code, "expected another field or type"))),
        path(uri));
  }

  private static String pointer(MismatchedInputException failure) {
    return failure.getPath().stream()
        .map(step ->
            step.getFieldName() == null
                ? Integer.toString(step.getIndex())
                : step.getFieldName().replace("~", "~0").replace("/", "~1"))
        .map(step -> "/" + step)
        .collect(Collectors.joining());
  }

  @ServerExceptionMapper
  public Response malformedJson(JacksonException failure, UriInfo uri) {
    return ProblemResponses.of(
        ProblemException.badRequest(
            WebReason.MALFORMED_JSON, "The body is not the JSON this resource reads."),
        path(uri));
  }

  @ServerExceptionMapper
  public Response unexpected(Throwable failure, UriInfo uri) {
    return internal(failure, uri);
  }

  private static Response internal(Throwable failure, UriInfo uri) {
    LOG.error("request failed unexpectedly", failure);
    return ProblemResponses.of(
        ProblemException.of(
            500, WebReason.INTERNAL, "Something in dome failed; the trace id names the log lines."),
        path(uri));
  }

  private static ReasonCode reasonCode(int status) {
    return switch (status) {
      case 405 -> WebReason.METHOD_NOT_ALLOWED;
      case 406 -> WebReason.NOT_ACCEPTABLE;
      case 413 -> WebReason.BODY_TOO_LARGE;
      case 415 -> WebReason.UNSUPPORTED_MEDIA_TYPE;
      default -> WebReason.BAD_PARAMETER;
    };
  }

  /** Fixed texts: a framework's own message may repeat what the client sent. */
  private static String detail(int status) {
    return switch (status) {
      case 405 -> "This resource has no such method.";
      case 406 -> "This resource is not available in any media type that was asked for.";
      case 413 -> "The request's body is larger than this service reads.";
      case 415 -> "This resource does not read bodies of this media type.";
      default -> "The request could not be read.";
    };
  }

  private static String path(UriInfo uri) {
    return uri.getRequestUri().getRawPath();
  }
}
