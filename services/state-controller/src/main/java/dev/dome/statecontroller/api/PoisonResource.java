package dev.dome.statecontroller.api;

import dev.dome.contracts.id.Lane;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.PoisonId;
import dev.dome.statecontroller.application.read.PoisonReads;
import dev.dome.statecontroller.application.read.PoisonView;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The inputs that a lane set aside because handling them failed. Some name no namespace at all, so
 * they are for operators and auditors of dome itself.
 */
@Path("/v1/poison")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(value = Operation.READ_LANE, namespace = Authorized.SYSTEM_NAMESPACE)
@Tag(name = "poison")
public class PoisonResource {
  private static final int MAX_LANE = 1_023;

  private final PoisonReads poison;

  PoisonResource(PoisonReads poison) {
    this.poison = poison;
  }

  /** Where a page ends. */
  private record After(String poisonId) {
    PoisonId id() {
      return PoisonId.of(poisonId)
          .orElseThrow(() ->
              ProblemException.badRequest(
                  WebReason.BAD_CURSOR, "The cursor names no input that was set aside."));
    }
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listPoison",
      summary = "Inputs that were set aside, by lane and in the order of its inbox")
  public Uni<Page<PoisonView>> list(
      @Parameter(description = "Only those of a lane") @QueryParam("lane") String lane,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    Integer wanted =
        lane == null ? null : (Integer) (int) RequestValues.number(lane, "lane", 0, 0, MAX_LANE);
    int size = PageSize.of(pageSize);
    Cursors cursors = Cursors.of("poison", wanted == null ? null : wanted.toString());
    PoisonId after = cursors.decode(cursor, After.class).map(After::id).orElse(null);
    return poison
        .list(wanted == null ? null : new Lane(wanted), after, size + 1)
        .map(rows ->
            Page.of(
                rows, size, PoisonView::listed, cursors, row -> new After(row.id().toString())));
  }

  @GET
  @Path("{poison_id}")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getPoison",
      summary = "An input that was set aside, with its cause and its redacted message")
  public Uni<PoisonView> get(@PathParam("poison_id") String id) {
    PoisonId wanted = PoisonId.of(id).orElseThrow(ProblemException::notFound);
    return poison
        .find(wanted)
        .map(found -> found.map(PoisonView::whole).orElseThrow(ProblemException::notFound));
  }
}
