package dev.dome.auditexport.api;

import dev.dome.auditexport.application.LogUnavailableException;
import dev.dome.web.ProblemException;
import dev.dome.web.ProblemResponses;
import dev.dome.web.WebReason;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A database that is away or slow is a 503 that says when to come again. */
public final class UnavailableMapper {
  private static final Logger LOG = Logger.getLogger(UnavailableMapper.class);
  private static final int RETRY_AFTER_SECONDS = 1;

  @ServerExceptionMapper
  public Response unavailable(LogUnavailableException failure, UriInfo uri) {
    LOG.warn("read refused because the database is away", failure);
    return ProblemResponses.of(
        ProblemException.unavailable(
            WebReason.POSTGRES_UNAVAILABLE,
            "The audit cannot be read right now.",
            RETRY_AFTER_SECONDS),
        uri.getRequestUri().getRawPath());
  }
}
