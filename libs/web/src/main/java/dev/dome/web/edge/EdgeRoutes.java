package dev.dome.web.edge;

import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The refusals that the HTTP layer would give without a body: paths and hosts that the router does
 * not take, and bodies beyond the limit, whether they say their length or not.
 */
@Singleton
final class EdgeRoutes {
  /** Before every other route: the router's own refusals come to its first. */
  private static final int FIRST = -1_000;

  /** Before the HTTP layer looks at the length. A route that takes more comes before this one. */
  private static final int BEFORE_LENGTH_CHECK = -3;

  /** After the routes that stream their body and before the resources, which have it read. */
  private static final int BEFORE_RESOURCES = 5_000;

  private final long maxBodyBytes;

  EdgeRoutes(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBodySize) {
    this.maxBodyBytes = maxBodySize.asLongValue();
  }

  void register(@Observes Router router) {
    router.route().order(FIRST).failureHandler(EdgeRoutes::refuseUnrouted);
    router.route().order(BEFORE_LENGTH_CHECK).handler(this::checkLength);
    router.route().order(BEFORE_RESOURCES).handler(this::gatherUnmeasured);
  }

  /** The router found the host or the path wanting before it asked any route. */
  private static void refuseUnrouted(RoutingContext context) {
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
        : ProblemException.badRequest(WebReason.BAD_PATH, "The path is not in its plain form.");
  }

  private void checkLength(RoutingContext context) {
    if (StatedLength.of(context.request()) > maxBodyBytes) {
      refuseBody(context);
    } else {
      context.next();
    }
  }

  /** A body that does not say its length is gathered here, or given up at the limit. */
  private void gatherUnmeasured(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.isEnded() || !isUnmeasured(request)) {
      context.next();
      return;
    }
    new Gathering(context, maxBodyBytes).begin();
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
