package dev.dome.ingest.api;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.ingest.application.Acceptance;
import dev.dome.ingest.application.Admission;
import dev.dome.ingest.application.OperationIds;
import dev.dome.ingest.application.Refusal;
import dev.dome.ingest.config.IngestConfig;
import dev.dome.web.ProblemException;
import dev.dome.web.access.AccessLog;
import dev.dome.web.access.Asked;
import dev.dome.web.edge.Replies;
import dev.dome.web.edge.StatedLength;
import dev.dome.web.identity.TokenVerifier;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What every request passes before it reaches a resource or the proxy: limits on line, headers and
 * body, no compressed bodies, a token, and the caller's rate. Its path is plain: what comes before
 * has seen to that, in every service.
 */
@Singleton
final class RequestGuard {
  /** Above every filter of Quarkus: what is refused here costs nothing further. */
  private static final int FIRST = 300;

  private static final String API = "/v1/";

  private static final Pattern SUBMISSION = Pattern.compile("/v1/namespaces/[^/]++/runs");

  private final IngestConfig.Limits limits;
  private final TokenBuckets buckets;
  private final TokenVerifier tokens;
  private final RejectionMeter meter;
  private final AccessLog accessLog;
  private final OperationIds operationIds;
  private final Admission admission;

  RequestGuard(
      IngestConfig config,
      TokenVerifier tokens,
      RejectionMeter meter,
      AccessLog accessLog,
      OperationIds operationIds,
      Admission admission) {
    this.limits = config.limits();
    this.buckets =
        new TokenBuckets(
            config.rateLimit().requestsPerSecond(), config.rateLimit().burst(), System::nanoTime);
    this.tokens = tokens;
    this.meter = meter;
    this.accessLog = accessLog;
    this.operationIds = operationIds;
    this.admission = admission;
  }

  void register(@Observes Filters filters) {
    filters.register(this::guard, FIRST);
  }

  private void guard(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<ProblemException> problem =
        headProblem(request)
            .or(() -> callerProblem(request))
            .or(() -> bodyProblem(request))
            .or(() -> overloadProblem(request));
    if (problem.isPresent()) {
      refuse(context, problem.get());
    } else {
      context.next();
    }
  }

  private Optional<ProblemException> headProblem(HttpServerRequest request) {
    if (request.uri().length() > limits.uriBytes()) {
      return problem("REQUEST.URI_TOO_LONG", "The request line is too long.");
    }
    if (headerBytes(request) > limits.headerBytes()) {
      return problem("REQUEST.HEADERS_TOO_LARGE", "The request headers are too large.");
    }
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return problem(
          "REQUEST.UNSUPPORTED_MEDIA_TYPE", "Compressed bodies are not read; send identity.");
    }
    return Optional.empty();
  }

  /** Strangers' bodies are not read: under the API everybody shows a token first. */
  private Optional<ProblemException> callerProblem(HttpServerRequest request) {
    String principal;
    try {
      principal =
          request.path().startsWith(API)
              ? "user:" + tokens.verify(request.getHeader(HttpHeaders.AUTHORIZATION)).subject()
              : "address:" + request.remoteAddress().hostAddress();
    } catch (ProblemException refused) {
      accessLog.deniedAnonymous(
          request.remoteAddress().hostAddress(),
          Asked.of(request.path(), null),
          refused.reasonCode());
      return Optional.of(refused);
    }
    int waitSeconds = buckets.take(principal);
    return waitSeconds == 0
        ? Optional.empty()
        : Optional.of(
            ProblemException.tooMany(
                    new ReasonCode("RATE.LIMITED"),
                    "This principal sends more requests than its limit.",
                    waitSeconds)
                .about(isWrite(request) ? operationIds.next() : null));
  }

  /**
   * A body that does not say its length is cut off by the HTTP layer while it is read. An upload of
   * evidence has a limit of its own and looks after it.
   */
  private Optional<ProblemException> bodyProblem(HttpServerRequest request) {
    return StatedLength.of(request) > limits.bodyBytes() && !EvidenceUploadRoute.takes(request)
        ? problem("REQUEST.BODY_TOO_LARGE", "The body is larger than 1 MiB.")
        : Optional.empty();
  }

  /** What would be shed after its body was read, checked and redacted is shed before. */
  private Optional<ProblemException> overloadProblem(HttpServerRequest request) {
    if (!isWrite(request) || !SUBMISSION.matcher(request.path()).matches() || !admission.full()) {
      return Optional.empty();
    }
    Refusal overloaded = Acceptance.overloaded();
    return Optional.of(
        ProblemException.unavailable(
                overloaded.code(), overloaded.detail(), Acceptance.overloadedRetryAfterSeconds())
            .about(operationIds.next()));
  }

  /** A write that is shed gets a name all the same, by which anyone can look for what it left. */
  private static boolean isWrite(HttpServerRequest request) {
    return request.path().startsWith(API)
        && !request.method().equals(HttpMethod.GET)
        && !request.method().equals(HttpMethod.HEAD);
  }

  /** Answers, and counts the refusal. */
  void refuse(RoutingContext context, ProblemException problem) {
    meter.rejected(problem.reasonCode());
    Replies.refuse(context, problem);
  }

  private static long headerBytes(HttpServerRequest request) {
    long bytes = 0;
    for (Map.Entry<String, String> header : request.headers()) {
      bytes += header.getKey().length() + header.getValue().length() + 4;
    }
    return bytes;
  }

  private static Optional<ProblemException> problem(String code, String detail) {
    return Optional.of(Problems.of(code, detail));
  }
}
