package dev.dome.statecontroller.api;

import dev.dome.statecontroller.application.read.RecordUnavailableException;
import dev.dome.web.ProblemResponses;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A database that is away or slow is a 503 that says when to come again. */
public final class UnavailableMapper {
  private static final Logger LOG = Logger.getLogger(UnavailableMapper.class);

  @ServerExceptionMapper
  public Response unavailable(RecordUnavailableException failure, UriInfo uri) {
    return answer(failure, uri);
  }

  @ServerExceptionMapper
  public Response timeout(TimeoutException failure, UriInfo uri) {
    return answer(failure, uri);
  }

  private static Response answer(Exception failure, UriInfo uri) {
    LOG.warn("read refused because the database is away", failure);
    return ProblemResponses.databaseAway(uri.getRequestUri().getRawPath());
  }
}
