package dev.dome.statecontroller.api;

import dev.dome.contracts.id.RunId;
import dev.dome.kernel.JournalRow;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.statecontroller.application.read.JournalReads.Place;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
import dev.dome.web.RequestValues;
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

  /** Where a page ends. */
  private record After(String runUid, long sequence) {
    Place place() {
      return new Place(runUid, sequence);
    }
  }

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
    Cursors cursors = Cursors.of("ledgers", ns, runs.toString());
    Place after = cursors.decode(cursor, After.class).map(After::place).orElse(Place.START);
    return journal
        .rows(RequestValues.namespace(ns), runs, after, size)
        .map(part ->
            new Page<>(
                part.rows(), part.more() ? cursors.encode(after(part.rows().getLast())) : null));
  }

  private static After after(JournalRow last) {
    return new After(last.runUid().value(), last.envelope().sequence());
  }
}
