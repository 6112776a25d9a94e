package dev.dome.statecontroller.api;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MultivaluedMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Finds the run before a stream begins. Once it has begun, its status and media type are sent, and
 * an absent run could no longer be answered with a problem.
 */
public final class ExistingRunFilter {
  private final RunLookup lookup;

  ExistingRunFilter(RunLookup lookup) {
    this.lookup = lookup;
  }

  @ExistingRun
  @ServerRequestFilter(priority = Priorities.USER)
  public Uni<Void> requireRun(ContainerRequestContext request) {
    MultivaluedMap<String, String> path = request.getUriInfo().getPathParameters();
    return lookup.find(path.getFirst("ns"), path.getFirst("id"), null).replaceWithVoid();
  }
}
