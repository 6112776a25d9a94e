package dev.dome.ingest.api;

import dev.dome.web.ProblemResponses;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * A body that did not say its length and was cut off at the limit. The HTTP layer has answered 413
 * by itself; resources read nothing else, so an {@link IOException} here is always this or a client
 * that left.
 */
public final class CutOffBodies {
  private static final Logger LOG = Logger.getLogger(CutOffBodies.class);

  @ServerExceptionMapper
  public Response cutOff(IOException failure, UriInfo uri) {
    LOG.debug("body cut off", failure);
    return ProblemResponses.of(
        Problems.of("REQUEST.BODY_TOO_LARGE", "The body is larger than 1 MiB."),
        uri.getRequestUri().getRawPath());
  }
}
