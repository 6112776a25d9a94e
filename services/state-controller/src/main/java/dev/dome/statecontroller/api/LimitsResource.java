package dev.dome.statecontroller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.TaskLimit;
import dev.dome.statecontroller.application.limits.LimitStore;
import dev.dome.statecontroller.application.limits.LimitStore.SetLimit;
import dev.dome.statecontroller.application.limits.LimitUse;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.Changes;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.StrictBody;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * How many tasks may run at once and how often one may start, by queue, concurrency key and named
 * rate. A change is one request that may be repeated; every replica goes by it within a second.
 */
@Path("/v1/namespaces/{ns}/limits")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "limits")
public class LimitsResource {
  private static final ReasonCode NOT_FOUND = new ReasonCode("LIMIT.NOT_FOUND");
  private static final String LIMIT = "limit";
  private static final ReasonCode LIMIT_EXCEEDED = new ReasonCode("REQUEST.LIMIT_EXCEEDED");

  private final LimitStore store;
  private final Caller caller;
  private final Changes changes;

  LimitsResource(LimitStore store, Caller caller, Changes changes) {
    this.store = store;
    this.caller = caller;
    this.changes = changes;
  }

  /** Where a page ends. */
  private record After(LimitName name) {}

  @GET
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listLimits",
      summary = "The limits that were set, by name, and what is taken of them")
  public Uni<Page<LimitView>> list(
      @PathParam("ns") String ns,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    NamespaceId namespace = RequestValues.namespace(ns);
    int size = PageSize.of(pageSize);
    Cursors cursors = Cursors.of("limits", ns);
    LimitName after = cursors.decode(cursor, After.class).map(After::name).orElse(null);
    return store
        .list(namespace, after, size + 1)
        .chain(rows ->
            store
                .uses(namespace, names(rows))
                .map(uses ->
                    Page.of(
                        rows,
                        size,
                        row -> LimitView.of(row, uses),
                        cursors,
                        row -> new After(row.limit().name()))));
  }

  private static Set<LimitName> names(List<SetLimit> rows) {
    return rows.stream().map(row -> row.limit().name()).collect(Collectors.toSet());
  }

  @GET
  @Path("{name}")
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getLimit",
      summary = "A limit, and what is taken of it")
  public Uni<LimitView> get(@PathParam("ns") String ns, @PathParam("name") String text) {
    NamespaceId namespace = RequestValues.namespace(ns);
    LimitName name = name(text);
    return store
        .find(namespace, name)
        .map(found -> found.orElseThrow(LimitsResource::unknown))
        .chain(found -> view(namespace, found));
  }

  private Uni<LimitView> view(NamespaceId namespace, SetLimit set) {
    Uni<List<LimitUse>> uses = store.uses(namespace, Set.of(set.limit().name()));
    return uses.map(found -> LimitView.of(set, found));
  }

  @PUT
  @Path("{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @StrictBody
  @Authorized(Operation.SET_LIMIT)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "setLimit",
      summary = "Sets a limit for queue:<name>, key:<concurrency key> or rate:<name>")
  public Uni<LimitView> put(
      @PathParam("ns") String ns, @PathParam("name") String text, LimitRequest request) {
    NamespaceId namespace = RequestValues.namespace(ns);
    LimitRequest wanted = request == null ? new LimitRequest(null, null) : request;
    SetLimit set =
        new SetLimit(
            wanted.limit(namespace, name(text)),
            System.currentTimeMillis(),
            caller.identity().subject());
    Consumer<Change> changed = changes.begun();
    return store
        .put(set)
        .invoke(done -> {
          if (!done) {
            throw ProblemException.of(
                422,
                LIMIT_EXCEEDED,
                "A namespace has at most " + LimitStore.MAX_PER_NAMESPACE + " limits.");
          }
        })
        .invoke(() -> changed.accept(changeTo(set.limit())))
        .chain(() -> view(namespace, set));
  }

  private static Change changeTo(TaskLimit limit) {
    ObjectNode value = Json.mapper().createObjectNode();
    if (limit.maxConcurrent() != null) {
      value.put("max_concurrent", limit.maxConcurrent());
    }
    if (limit.rate() != null) {
      value.set("rate", Json.tree(LimitView.RateView.of(limit.rate())));
    }
    return new Change(LIMIT, limit.name().value(), value);
  }

  @DELETE
  @Path("{name}")
  @Authorized(Operation.SET_LIMIT)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "deleteLimit",
      summary = "Removes a limit, so that the default holds: one task for a key, else no limit")
  public Uni<Void> delete(@PathParam("ns") String ns, @PathParam("name") String text) {
    LimitName name = name(text);
    Consumer<Change> changed = changes.begun();
    return store
        .remove(RequestValues.namespace(ns), name)
        .invoke(() -> changed.accept(new Change(LIMIT, name.value(), null)))
        .replaceWithVoid();
  }

  private static LimitName name(String text) {
    return LimitName.named(text)
        .orElseThrow(() ->
            ProblemException.badRequest(
                WebReason.BAD_IDENTIFIER,
                "The limit expected queue:<name>, key:<text> or rate:<name>"));
  }

  private static ProblemException unknown() {
    return ProblemException.notFound(NOT_FOUND, "expected a limit that was set");
  }
}
