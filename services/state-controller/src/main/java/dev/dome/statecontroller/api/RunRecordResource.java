package dev.dome.statecontroller.api;

import dev.dome.kernel.JournalRow;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.web.Authorized;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The ledger of any run, for dome's own services: what provenance verifies and states. It crosses
 * namespaces, so it asks for operator or auditor in the namespace of dome itself.
 */
@Path("/v1/journal/namespaces/{namespace}/runs/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(value = Operation.READ_LANE, namespace = Authorized.SYSTEM_NAMESPACE)
@Tag(name = "internal")
public class RunRecordResource {
  private static final int DEFAULT_LIMIT = 500;
  private static final int MAX_LIMIT = 1_000;

  private final RunLookup lookup;
  private final JournalReads journal;

  RunRecordResource(RunLookup lookup, JournalReads journal) {
    this.lookup = lookup;
    this.journal = journal;
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listRunRecord",
      summary = "A run's journal rows with their hashes, inputs included, after a sequence")
  public Uni<Positioned<JournalRow>> rows(
      @PathParam("namespace") String namespace,
      @PathParam("id") String id,
      @QueryParam("after") String after,
      @QueryParam("limit") String limit) {
    int size = (int) RequestValues.number(limit, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    long from = RequestValues.number(after, "after", 0, 0, Long.MAX_VALUE);
    return lookup
        .find(namespace, id, null)
        .chain(run -> journal.rows(run.runUid(), from, size + 1))
        .map(rows -> Positioned.of(rows, size, row -> row.envelope().sequence()));
  }
}
