package dev.dome.web.edge;

import dev.dome.web.HeadCheck;
import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The refusals that the HTTP layer would give without a body: paths and hosts that the router does
 * not take, and bodies beyond the limit of bytes, whether they say their length or not, or of time.
 * Beside them stand those of paths that the HTTP layer would rewrite.
 */
@Singleton
final class EdgeRoutes {
  /** Before every other route: the router's own refusals come to its first. */
  private static final int FIRST = -1_000;

  /** Before the HTTP layer looks at the length. A route that takes more comes before this one. */
  private static final int BEFORE_LENGTH_CHECK = -3;

  /** After the routes that stream their body and before the resources, which have it read. */
  private static final int BEFORE_RESOURCES = 5_000;

  private final HeadCheck heads;
  private final Event<RefusedAtEdge> refusals;
  private final long maxBodyBytes;
  private final long bodyTimeMs;

  EdgeRoutes(
      HeadCheck heads,
      Event<RefusedAtEdge> refusals,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBodySize,
      @ConfigProperty(name = "dome.http.body-time", defaultValue = "30s") Duration bodyTime) {
    this.heads = heads;
    this.refusals = refusals;
    this.maxBodyBytes = maxBodySize.asLongValue();
    this.bodyTimeMs = bodyTime.toMillis();
  }

  void register(@Observes Router router) {
    router
        .route()
        .order(FIRST)
        .handler(this::refuseUnreadable)
        .failureHandler(EdgeRoutes::refuseUnrouted);
    router.route().order(BEFORE_LENGTH_CHECK).handler(this::checkBody);
    router.route().order(BEFORE_RESOURCES).handler(this::gatherUnmeasured);
  }

  /** The router found the host or the path wanting before it asked any route. */
  private static void refuseUnrouted(RoutingContext context) {
    UnmatchedName.keep(context);
    switch (context.statusCode()) {
      case 400 -> Replies.problem(context, badTarget(context.request()), null);
      case 404 -> Replies.problem(context, ProblemException.notFound(), "/");
      default -> context.next();
    }
  }

  private static ProblemException badTarget(HttpServerRequest request) {
    return request.authority() == null
        ? ProblemException.badRequest(
            WebReason.BAD_PARAMETER, "The Host header expected a host, and maybe a port.")
        : badPath();
  }

  /**
   * A transfer coding that is not known hides where the body ends: what comes behind would be taken
   * for the next request, by whomever a proxy lets it be sent.
   */
  private void refuseUnreadable(RoutingContext context) {
    UnmatchedName.keep(context);
    String coding = context.request().getHeader(HttpHeaders.TRANSFER_ENCODING);
    if (coding == null || coding.equalsIgnoreCase("chunked")) {
      refuseBent(context);
    } else {
      Replies.giveUp(
          context,
          ProblemException.badRequest(
              WebReason.BAD_PARAMETER, "Transfer-Encoding expected nothing but chunked."));
    }
  }

  /** What was authorised and recorded by its path must be what the path reaches. */
  private void refuseBent(RoutingContext context) {
    if (PlainPath.is(context.request().path())) {
      refuseNul(context);
    } else {
      refuse(context, badPath());
    }
  }

  /** No text of PostgreSQL can hold one, so no resource has to look for it. */
  private void refuseNul(RoutingContext context) {
    String uri = context.request().uri();
    if (uri.contains("%00") || uri.indexOf('\0') >= 0) {
      refuse(
          context,
          ProblemException.badRequest(
              WebReason.BAD_PARAMETER, "A query parameter expected no NUL character."));
    } else {
      context.next();
    }
  }

  private void refuse(RoutingContext context, ProblemException problem) {
    refusals.fire(new RefusedAtEdge(problem.reasonCode()));
    Replies.refuse(context, problem);
  }

  private static ProblemException badPath() {
    return ProblemException.badRequest(WebReason.BAD_PATH, "The path is not in its plain form.");
  }

  private static ProblemException late() {
    return ProblemException.fellSilent(WebReason.BODY_TIMEOUT, "The body did not come in time.");
  }

  private void checkBody(RoutingContext context) {
    if (StatedLength.of(context.request()) > maxBodyBytes) {
      refuseBody(context);
      return;
    }
    if (mayHaveBody(context.request())) {
      giveUpWhenLate(context);
    }
    context.next();
  }

  /** A client that sends its body a byte at a time holds memory and a connection; not for long. */
  private void giveUpWhenLate(RoutingContext context) {
    long timer =
        context
            .vertx()
            .setTimer(
                bodyTimeMs,
                id -> {
                  if (!context.request().isEnded()) {
                    Replies.giveUp(context, late());
                  }
                });
    context.addEndHandler(ended -> context.vertx().cancelTimer(timer));
  }

  /**
   * A body that does not say its length is gathered here, or given up at the limit. One whose head
   * is refused anyway is left alone: the access filter answers before the body is read.
   */
  private void gatherUnmeasured(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.isEnded() || !isUnmeasured(request) || !heads.mayPass(request)) {
      context.next();
      return;
    }
    new Gathering(context, maxBodyBytes).begin();
  }

  /** HTTP/2 ends a request without saying before whether anything comes. */
  private static boolean mayHaveBody(HttpServerRequest request) {
    return !request.isEnded()
        && (request.version() == HttpVersion.HTTP_2
            || StatedLength.of(request) > 0
            || isUnmeasured(request));
  }

  /** A request of HTTP/1 without either header has no body. */
  private static boolean isUnmeasured(HttpServerRequest request) {
    return request.getHeader(HttpHeaders.CONTENT_LENGTH) == null
        && request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  static void refuseBody(RoutingContext context) {
    Replies.refuse(
        context,
        ProblemException.of(
            413, WebReason.BODY_TOO_LARGE, "The body is larger than this service reads."));
  }
}
