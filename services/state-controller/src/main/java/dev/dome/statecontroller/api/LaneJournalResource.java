package dev.dome.statecontroller.api;

import dev.dome.contracts.id.Lane;
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
 * The journal by lane, for dome's own services: what a consumer of DOME_JOURNAL reads to fill a gap
 * or to begin anew. It crosses namespaces, so it asks for operator or auditor in the namespace of
 * dome itself.
 */
@Path("/v1/journal/{lane}")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(value = Operation.READ_LANE, namespace = Authorized.SYSTEM_NAMESPACE)
@Tag(name = "internal")
public class LaneJournalResource {
  private static final int DEFAULT_LIMIT = 500;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_LANE = 1_023;

  private final JournalReads journal;

  LaneJournalResource(JournalReads journal) {
    this.journal = journal;
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listLaneJournal",
      summary = "The rows of a lane after a position, in order and without gaps")
  public Uni<Positioned<JournalRow>> rows(
      @PathParam("lane") String lane,
      @QueryParam("after") String after,
      @QueryParam("limit") String limit) {
    int size = (int) RequestValues.number(limit, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    int number = (int) RequestValues.number(lane, "lane", 0, 0, MAX_LANE);
    long from = RequestValues.number(after, "after", 0, 0, Long.MAX_VALUE);
    return journal
        .lane(new Lane(number), from, size)
        .map(rows -> Positioned.upToLast(rows, JournalRow::lanePosition));
  }
}
