package dev.dome.statecontroller.api;

import dev.dome.contracts.id.Lane;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.LaneReads;
import dev.dome.statecontroller.application.read.LaneReads.EpochSpan;
import dev.dome.statecontroller.application.read.LaneReads.LaneRecord;
import dev.dome.web.Authorized;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The lanes and who wrote them, for operators and auditors of dome itself: what the single writer
 * promises can be checked without the database.
 */
@Path("/v1/lanes")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(value = Operation.READ_LANE, namespace = Authorized.SYSTEM_NAMESPACE)
@Tag(name = "lanes")
public class LaneResource {
  private static final int MAX_LANE = 1_023;
  private static final int DEFAULT_ROWS = 5_000;
  private static final int MAX_ROWS = 20_000;

  private final LaneReads lanes;

  LaneResource(LaneReads lanes) {
    this.lanes = lanes;
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listLanes",
      summary = "Every lane with its epoch, owner, position and published position")
  public Uni<Page<LaneRecord>> lanes() {
    return lanes.lanes().map(items -> new Page<>(items, null));
  }

  @GET
  @Path("{lane}/epochs")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listEpochs",
      summary = "Which epochs wrote the rows of a lane after a position, in lane order")
  public Uni<Positioned<EpochSpan>> epochs(
      @PathParam("lane") String lane,
      @QueryParam("after") String after,
      @QueryParam("limit") String limit) {
    int rows = (int) RequestValues.number(limit, "limit", DEFAULT_ROWS, 1, MAX_ROWS);
    int number = (int) RequestValues.number(lane, "lane", 0, 0, MAX_LANE);
    long from = RequestValues.number(after, "after", 0, 0, Long.MAX_VALUE);
    return lanes.epochs(new Lane(number), from, rows).map(LaneResource::page);
  }

  /** The next page begins behind the last row looked at; an empty page is the end of the lane. */
  private static Positioned<EpochSpan> page(List<EpochSpan> spans) {
    Long next = spans.isEmpty() ? null : spans.getLast().lastPosition();
    return new Positioned<>(spans, next);
  }
}
