package dev.dome.statecontroller.api;

import dev.dome.contracts.id.RunId;
import dev.dome.kernel.JournalRow;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.statecontroller.application.read.JournalReads.Place;
import dev.dome.web.Authorized;
import dev.dome.web.Cursor;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The ledgers of several runs at once, for whoever checks many. */
@Path("/v1/namespaces/{ns}/ledgers")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "journal")
public class LedgersResource {
  private static final int DEFAULT_SIZE = 200;
  private static final int MAX_SIZE = 500;

  private final JournalReads journal;

  LedgersResource(JournalReads journal) {
    this.journal = journal;
  }

  /** A cursor belongs to the namespace and the runs it was given out for. */
  private record LedgersCursor(
      String list, String namespace, String filter, String runUid, long sequence) {}

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listLedgers",
      summary = "The journal rows of several runs with their hashes, run by run",
      description = "Each run's rows come together and in order; a run that is not there has none.")
  public Uni<Page<JournalRow>> list(
      @PathParam("ns") String ns,
      @Parameter(description = "The runs, up to fifty between commas", required = true)
          @QueryParam("run_id")
          String runId,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    List<RunId> runs = RequestValues.runIds(runId == null ? "" : runId);
    String filter = RunsFilter.digest(runs);
    Place after = cursor == null ? Place.START : after(cursor, ns, filter);
    return journal
        .rows(RequestValues.namespace(ns), runs, after, size)
        .map(part ->
            new Page<>(
                part.rows(), part.more() ? cursor(part.rows().getLast(), ns, filter) : null));
  }

  private static String cursor(JournalRow last, String ns, String filter) {
    return Cursor.encode(
        new LedgersCursor(
            "ledgers", ns, filter, last.runUid().value(), last.envelope().sequence()));
  }

  private static Place after(String text, String ns, String filter) {
    LedgersCursor cursor = Cursor.decode(text, LedgersCursor.class);
    LedgersCursor expected =
        new LedgersCursor("ledgers", ns, filter, cursor.runUid(), cursor.sequence());
    if (!cursor.equals(expected) || cursor.runUid() == null) {
      throw ProblemException.badRequest(
          WebReason.BAD_CURSOR, "The cursor belongs to another list or other runs.");
    }
    return new Place(cursor.runUid(), cursor.sequence());
  }
}
