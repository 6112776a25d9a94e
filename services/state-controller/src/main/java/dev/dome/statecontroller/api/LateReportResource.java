package dev.dome.statecontroller.api;

import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.LateReportReads;
import dev.dome.statecontroller.application.read.LateReportReads.After;
import dev.dome.statecontroller.application.read.LateReportView;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a run refused because it came too late: beside its journal, which it does not change. */
@Path("/v1/namespaces/{ns}/runs/{id}/late-reports")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "journal")
public class LateReportResource {
  private final RunLookup lookup;
  private final LateReportReads reports;

  LateReportResource(RunLookup lookup, LateReportReads reports) {
    this.lookup = lookup;
    this.reports = reports;
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listLateReports",
      summary = "Reports of attempts that were no longer a task's, in the order they came")
  public Uni<Page<LateReportView>> late(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    int size = PageSize.of(pageSize);
    Cursors cursors = Cursors.of("late-reports", ns, id);
    After after = cursors.decode(cursor, After.class).orElse(null);
    return lookup
        .find(ns, id, null)
        .chain(run ->
            reports
                .of(run.runUid(), after, size + 1)
                .map(rows ->
                    Page.of(
                        rows,
                        size,
                        Function.identity(),
                        cursors,
                        row -> new After(row.receivedAtMs(), row.operationId()))));
  }
}
