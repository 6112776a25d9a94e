package dev.dome.retryscheduler.api;

import dev.dome.journal.DatabaseUnavailableException;
import dev.dome.web.ProblemResponses;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A database that is away or slow is a 503 that says when to come again. */
public final class UnavailableMapper {
  private static final Logger LOG = Logger.getLogger(UnavailableMapper.class);

  @ServerExceptionMapper
  public Response unavailable(DatabaseUnavailableException failure, UriInfo uri) {
    LOG.warn("request refused because the database is away", failure);
    return ProblemResponses.databaseAway(uri.getRequestUri().getRawPath());
  }
}
