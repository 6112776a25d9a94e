package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.HoldStore;
import dev.dome.auditexport.retention.LegalHold;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.security.Operation;
import dev.dome.security.PatternRedactor;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.StrictBody;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What must be kept whatever its retention class says. */
@Path("/v1/namespaces/{ns}/audit/holds")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "retention")
public class HoldsResource {
  private static final ReasonCode NOT_FOUND = new ReasonCode("HOLD.NOT_FOUND");
  private static final ReasonCode TAKEN = new ReasonCode("HOLD.TAKEN");
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;

  private final HoldStore store;
  private final Caller caller;

  @Inject
  HoldsResource(HoldStore store, Caller caller) {
    this.store = store;
    this.caller = caller;
  }

  /** Which holds are wanted. */
  private enum State {
    IN_FORCE,
    ALL
  }

  /** Where a page ends. */
  private record After(String holdId) {}

  @GET
  @Authorized(Operation.READ_RETENTION)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listHolds",
      summary = "The namespace's holds by their ids, released ones too")
  public Uni<HoldPage> list(
      @PathParam("ns") String ns,
      @QueryParam("state") @Parameter(description = "IN_FORCE or ALL; ALL when absent")
          String stateName,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    NamespaceId namespace = RequestValues.namespace(ns);
    State state = RequestValues.oneOf(stateName, "state", State.class);
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    Cursors cursors = Cursors.of("holds", ns, stateName);
    String after = cursors.decode(cursor, After.class).map(After::holdId).orElse("");
    return store
        .list(namespace, state == State.IN_FORCE, after, size + 1)
        .map(found -> page(found, size, cursors));
  }

  private static HoldPage page(List<LegalHold> found, int size, Cursors cursors) {
    List<HoldView> items = found.stream().limit(size).map(HoldView::of).toList();
    return new HoldPage(
        items, found.size() <= size ? null : cursors.encode(new After(items.getLast().holdId())));
  }

  @GET
  @Path("{hold_id}")
  @Authorized(Operation.READ_RETENTION)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getHold",
      summary = "One hold")
  public Uni<HoldView> get(@PathParam("ns") String ns, @PathParam("hold_id") String holdId) {
    return shown(RequestValues.namespace(ns), id(holdId));
  }

  @PUT
  @Path("{hold_id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @StrictBody
  @Authorized(Operation.PLACE_HOLD)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "placeHold",
      summary = "Holds a run, or the whole namespace; may be repeated")
  @APIResponse(responseCode = "200", description = "It is in force: no purge removes what is held")
  @APIResponse(responseCode = "409", description = "The id is another hold's, or a released one's")
  @APIResponse(responseCode = "422", description = "The body does not fit; errors names the places")
  public Uni<HoldView> place(
      @PathParam("ns") String ns, @PathParam("hold_id") String text, HoldRequest request) {
    NamespaceId namespace = RequestValues.namespace(ns);
    String holdId = id(text);
    LegalHold.Wanted wanted = wanted(namespace, holdId, request);
    return store
        .place(wanted)
        .invoke(placed -> {
          if (placed == HoldStore.Placed.TAKEN) {
            throw ProblemException.of(409, TAKEN, "expected an id that no other hold had");
          }
        })
        .flatMap(placed -> shown(namespace, holdId));
  }

  private LegalHold.Wanted wanted(NamespaceId namespace, String holdId, HoldRequest request) {
    HoldRequest given = request == null ? new HoldRequest(null, null, null) : request;
    RunId runId = given.runId() == null ? null : RequestValues.runId(given.runId());
    Words words = new Words();
    String reason = words.needed(given.reason(), "reason");
    String authority = words.needed(given.authority(), "authority");
    words.check();
    return new LegalHold.Wanted(
        namespace, holdId, runId, reason, authority, caller.identity().subject());
  }

  @POST
  @Path("{hold_id}/release")
  @Consumes(MediaType.APPLICATION_JSON)
  @StrictBody
  @Authorized(Operation.RELEASE_HOLD)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "releaseHold",
      summary = "Lets a hold go, which stays on record; may be repeated")
  @APIResponse(responseCode = "200", description = "It is not in force any more")
  @APIResponse(responseCode = "422", description = "The body does not fit; errors names the places")
  public Uni<HoldView> release(
      @PathParam("ns") String ns, @PathParam("hold_id") String text, ReleaseRequest request) {
    NamespaceId namespace = RequestValues.namespace(ns);
    String holdId = id(text);
    Words words = new Words();
    String reason = words.needed(request == null ? null : request.reason(), "reason");
    words.check();
    return store
        .release(namespace, holdId, reason, caller.identity().subject())
        .flatMap(released -> shown(namespace, holdId));
  }

  private Uni<HoldView> shown(NamespaceId namespace, String holdId) {
    return store
        .find(namespace, holdId)
        .map(found ->
            found
                .map(HoldView::of)
                .orElseThrow(
                    () -> ProblemException.notFound(NOT_FOUND, "expected a hold that was placed")));
  }

  private static String id(String text) {
    if (!ID.matcher(text).matches()) {
      throw ProblemException.badRequest(WebReason.BAD_IDENTIFIER, "The hold id expected " + ID);
    }
    if (PatternRedactor.standard().secretInId(text)) {
      throw ProblemException.of(
          422, WebReason.SECRET_IN_STEERING_FIELD, "The hold id expected no secret");
    }
    return text;
  }
}
