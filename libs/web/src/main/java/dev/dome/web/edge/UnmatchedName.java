package dev.dome.web.edge;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;

/**
 * What metrics and traces call a refused request that no resource took. Quarkus falls back to its
 * path, which is anybody's to choose: it would be a label without bounds that keeps whatever a
 * stranger puts there.
 */
final class UnmatchedName {
  private static final String NAME = "/UNMATCHED";

  /** Where Quarkus REST leaves the template of the path and where its metrics look for it. */
  private static final String TEMPLATE = "UrlPathTemplate";

  private static final int FIRST_REFUSAL = 400;

  private UnmatchedName() {}

  /** Has the request named once its answer begins, if that is a refusal. */
  static void keep(RoutingContext context) {
    Context ofRequest = Vertx.currentContext();
    context.addHeadersEndHandler(begins -> give(context, ofRequest));
  }

  private static void give(RoutingContext context, Context ofRequest) {
    if (context.response().getStatusCode() >= FIRST_REFUSAL
        && ofRequest.getLocal(TEMPLATE) == null
        && !hasTemplate(context.currentRoute())) {
      ofRequest.putLocal(TEMPLATE, NAME);
    }
  }

  /** A route with parameters, such as {@code /v1/namespaces/:ns}, names its requests itself. */
  private static boolean hasTemplate(Route route) {
    return route != null && route.getPath() != null && route.getPath().contains(":");
  }
}
