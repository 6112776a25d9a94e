package dev.dome.ingest.api;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.ingest.config.IngestConfig;
import dev.dome.web.ProblemException;
import dev.dome.web.TokenVerifier;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What every request passes before it reaches a resource or the proxy: limits on line, headers and
 * body, unambiguous paths, no compressed bodies, and the caller's rate. The body is read here,
 * whole and bounded, so that resources never see a larger one.
 */
@Singleton
final class RequestGuard {
  /** Above every filter of Quarkus: what is refused here costs nothing further. */
  private static final int FIRST = 300;

  private static final String API = "/v1/";
  private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  /** Empty and dot segments, and what an encoded separator, dot or control character could hide. */
  private static final Pattern BAD_PATH =
      Pattern.compile(
          "//|/\\.{1,2}(/|$)|(?i:%2f|%5c|%2e|%0[0-9a-f]|%1[0-9a-f]|%7f)|[\\\\\\p{Cntrl}]");

  private final IngestConfig.Limits limits;
  private final TokenBuckets buckets;
  private final TokenVerifier tokens;
  private final RejectionMeter meter;

  RequestGuard(IngestConfig config, TokenVerifier tokens, RejectionMeter meter) {
    this.limits = config.limits();
    this.buckets =
        new TokenBuckets(
            config.rateLimit().requestsPerSecond(), config.rateLimit().burst(), System::nanoTime);
    this.tokens = tokens;
    this.meter = meter;
  }

  void register(@Observes Filters filters) {
    filters.register(this::guard, FIRST);
  }

  private void guard(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<ProblemException> problem =
        headProblem(request)
            .or(() -> callerProblem(request))
            .or(() -> hugeByItsOwnWord(request));
    if (problem.isPresent()) {
      refuse(context, problem.get());
    } else if (hasBody(request) && !request.isEnded()) {
      new BodyReader(context, limits.bodyBytes(), () -> refuse(context, bodyTooLarge())).start();
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
    if (request.path() == null || BAD_PATH.matcher(request.path()).find()) {
      return problem("REQUEST.BAD_PATH", "The path is not in its plain form.");
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
      return Optional.of(refused);
    }
    int waitSeconds = buckets.take(principal);
    return waitSeconds == 0
        ? Optional.empty()
        : Optional.of(
            ProblemException.tooMany(
                new ReasonCode("RATE.LIMITED"),
                "This principal sends more requests than its limit.",
                waitSeconds));
  }

  private Optional<ProblemException> hugeByItsOwnWord(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean huge =
        length != null
            && (length.length() > 10 || Long.parseLong(length) > BodyReader.MAX_READ_BYTES);
    return huge ? Optional.of(bodyTooLarge()) : Optional.empty();
  }

  private static boolean hasBody(HttpServerRequest request) {
    return METHODS_WITH_BODY.contains(request.method().name());
  }

  private void refuse(RoutingContext context, ProblemException problem) {
    meter.rejected(problem.reasonCode());
    if (!context.request().isEnded()) {
      // What is left of the body is not read, so the connection cannot be used again.
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
    Replies.problem(context, problem);
  }

  private static long headerBytes(HttpServerRequest request) {
    long bytes = 0;
    for (Map.Entry<String, String> header : request.headers()) {
      bytes += header.getKey().length() + header.getValue().length() + 4;
    }
    return bytes;
  }

  private static ProblemException bodyTooLarge() {
    return Problems.of("REQUEST.BODY_TOO_LARGE", "The body is larger than 1 MiB.");
  }

  private static Optional<ProblemException> problem(String code, String detail) {
    return Optional.of(Problems.of(code, detail));
  }
}
