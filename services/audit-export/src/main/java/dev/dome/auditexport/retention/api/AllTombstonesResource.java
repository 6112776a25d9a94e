package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.TombstoneStore;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * What is left of what was purged in any namespace, for those who sign it and audit all of dome.
 */
@Path("/v1/audit/all-tombstones")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "retention")
public class AllTombstonesResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;

  private final TombstoneStore store;

  @Inject
  AllTombstonesResource(TombstoneStore store) {
    this.store = store;
  }

  @GET
  @Authorized(value = Operation.READ_RETENTION, namespace = Authorized.SYSTEM_NAMESPACE)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listAllTombstones",
      summary = "Tombstones of all namespaces in the order in which they were purged")
  public Uni<TombstonePage> list(
      @QueryParam("from") @Parameter(description = "The first index that is wanted") String from,
      @QueryParam("limit") String limit) {
    return store
        .list(
            RequestValues.number(from, "from", 0, 0, Long.MAX_VALUE),
            (int) RequestValues.number(limit, "limit", DEFAULT_SIZE, 1, MAX_SIZE))
        .map(found -> new TombstonePage(found.stream().map(TombstoneView::of).toList(), null));
  }
}
