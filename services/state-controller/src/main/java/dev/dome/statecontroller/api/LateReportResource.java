package dev.dome.statecontroller.api;

import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.LateReportReads;
import dev.dome.statecontroller.application.read.LateReportReads.After;
import dev.dome.statecontroller.application.read.LateReportView;
import dev.dome.statecontroller.application.read.RunRecord;
import dev.dome.web.Authorized;
import dev.dome.web.Cursor;
import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
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
  private static final String LIST = "late-reports";

  private final RunLookup lookup;
  private final LateReportReads reports;

  LateReportResource(RunLookup lookup, LateReportReads reports) {
    this.lookup = lookup;
    this.reports = reports;
  }

  private record LateReportCursor(
      String list, String namespace, String runId, long receivedAtMs, String operationId) {}

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
    After after = cursor == null ? null : after(cursor, ns, id);
    return lookup
        .find(ns, id, null)
        .chain(run ->
            reports
                .of(run.runUid(), after, size + 1)
                .map(rows -> Page.of(rows, size, Function.identity(), row -> cursorOf(run, row))));
  }

  private static Object cursorOf(RunRecord run, LateReportView last) {
    return new LateReportCursor(
        LIST,
        run.namespace().value(),
        run.runId().value(),
        last.receivedAtMs(),
        last.operationId());
  }

  private static After after(String text, String namespace, String runId) {
    LateReportCursor cursor = Cursor.decode(text, LateReportCursor.class);
    LateReportCursor expected =
        new LateReportCursor(LIST, namespace, runId, cursor.receivedAtMs(), cursor.operationId());
    if (!cursor.equals(expected) || cursor.operationId() == null) {
      throw ProblemException.badRequest(
          WebReason.BAD_CURSOR, "The cursor belongs to another list; start again without one.");
    }
    return new After(cursor.receivedAtMs(), cursor.operationId());
  }
}
