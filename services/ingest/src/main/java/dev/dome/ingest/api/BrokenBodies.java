package dev.dome.ingest.api;

import dev.dome.web.ProblemException;
import dev.dome.web.ProblemResponses;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Bodies that broke off. Of a write it is its own, which did not say its length and was cut off at
 * the limit: the HTTP layer has answered 413 by itself. A read has none, so what failed is the
 * stored content on its way out, and its reader must not wait for the rest or take a part for it.
 */
public final class BrokenBodies {
  private static final Logger LOG = Logger.getLogger(BrokenBodies.class);

  @ServerExceptionMapper
  public Response broken(IOException failure, UriInfo uri, HttpServerRequest request) {
    return ProblemResponses.of(problem(failure, request), uri.getRequestUri().getRawPath());
  }

  private static ProblemException problem(IOException failure, HttpServerRequest request) {
    if (request.response().closed() || !request.method().equals(HttpMethod.GET)) {
      LOG.debug("body broke off", failure);
      return Problems.of("REQUEST.BODY_TOO_LARGE", "The body is larger than 1 MiB.");
    }
    LOG.error("evidence store failed", failure);
    if (request.response().headWritten()) {
      request.connection().close();
    }
    return EvidenceResource.unavailable();
  }
}
