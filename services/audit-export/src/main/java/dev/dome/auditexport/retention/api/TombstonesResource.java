package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.Tombstone;
import dev.dome.auditexport.retention.TombstoneStore;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What is left of what was purged. */
@Path("/v1/namespaces/{ns}/audit/tombstones")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ_RETENTION)
@Tag(name = "retention")
public class TombstonesResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;

  private final TombstoneStore store;

  @Inject
  TombstonesResource(TombstoneStore store) {
    this.store = store;
  }

  /** Where a page ends. */
  private record After(long index) {}

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listTombstones",
      summary = "The namespace's tombstones in the order in which it was purged")
  public Uni<TombstonePage> list(
      @PathParam("ns") String ns,
      @QueryParam("run_id") @Parameter(description = "One run, or up to fifty between commas")
          String runId,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    NamespaceId namespace = RequestValues.namespace(ns);
    List<RunId> runs = runId == null ? null : RequestValues.runIds(runId);
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    Cursors cursors = Cursors.of("tombstones", ns, runId);
    long after = cursors.decode(cursor, After.class).map(After::index).orElse(-1L);
    return store
        .list(namespace, runs, after + 1, size + 1)
        .map(found -> page(found, size, cursors));
  }

  private static TombstonePage page(List<Tombstone> found, int size, Cursors cursors) {
    List<TombstoneView> items = found.stream().limit(size).map(TombstoneView::of).toList();
    return new TombstonePage(
        items, found.size() <= size ? null : cursors.encode(new After(items.getLast().index())));
  }

  @GET
  @Path("{index}")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getTombstone",
      summary = "One tombstone, with the hashes of the rows that were removed")
  public Uni<TombstoneView> get(@PathParam("ns") String ns, @PathParam("index") String index) {
    return store
        .find(
            RequestValues.namespace(ns), RequestValues.number(index, "index", 0, 0, Long.MAX_VALUE))
        .map(found -> found.map(TombstoneView::of).orElseThrow(ProblemException::notFound));
  }
}
