package dev.dome.retryscheduler.api;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.kernel.Breaker;
import dev.dome.kernel.BreakerSteering;
import dev.dome.retryscheduler.application.BreakerStore;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What guards the queues and keys of a namespace. */
@Path("/v1/namespaces/{ns}/breakers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "breakers")
public class BreakersResource {
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;
  private static final int CHANGES = 50;
  private static final ReasonCode NOT_FOUND = new ReasonCode("BREAKER.NOT_FOUND");

  private final BreakerStore store;
  private final Steering steering;
  private final Caller caller;

  @Inject
  BreakersResource(BreakerStore store, Steering steering, Caller caller) {
    this.store = store;
    this.steering = steering;
    this.caller = caller;
  }

  /** Where a page ends. */
  private record After(BreakerKey key) {}

  @GET
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listBreakers",
      summary = "Circuit breakers that have seen a result or an operator, by key")
  public Uni<BreakerPage> list(
      @PathParam("ns") String ns,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    NamespaceId namespace = RequestValues.namespace(ns);
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    Cursors cursors = Cursors.of("breakers", ns);
    return store
        .list(namespace, cursors.decode(cursor, After.class).map(After::key), size + 1)
        .map(found -> page(found, size, cursors));
  }

  @GET
  @Path("{key}")
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getBreaker",
      summary = "A circuit breaker with its latest changes")
  public Uni<BreakerView> get(@PathParam("ns") String ns, @PathParam("key") String text) {
    NamespaceId namespace = RequestValues.namespace(ns);
    BreakerKey key = key(text);
    return store
        .find(namespace, key)
        .map(found -> found.orElseThrow(BreakersResource::unknown))
        .flatMap(breaker ->
            store
                .changes(namespace, key, CHANGES)
                .map(changes -> BreakerView.whole(breaker, changes)));
  }

  @POST
  @Path("{key}/pause")
  @Consumes(MediaType.APPLICATION_JSON)
  @Authorized(Operation.PAUSE_BREAKER)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "pauseBreaker",
      summary = "Holds back what the breaker guards until it is resumed; what runs goes on")
  public Uni<BreakerView> pause(
      @PathParam("ns") String ns,
      @PathParam("key") String key,
      @HeaderParam(IDEMPOTENCY_KEY) String idempotencyKey,
      byte[] body) {
    return steer(BreakerSteering.Action.PAUSED, ns, key, idempotencyKey, body);
  }

  @POST
  @Path("{key}/resume")
  @Consumes(MediaType.APPLICATION_JSON)
  @Authorized(Operation.RESUME_BREAKER)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "resumeBreaker",
      summary = "Closes the breaker, whatever opened it")
  public Uni<BreakerView> resume(
      @PathParam("ns") String ns,
      @PathParam("key") String key,
      @HeaderParam(IDEMPOTENCY_KEY) String idempotencyKey,
      byte[] body) {
    return steer(BreakerSteering.Action.RESUMED, ns, key, idempotencyKey, body);
  }

  private Uni<BreakerView> steer(
      BreakerSteering.Action action, String ns, String text, String idempotencyKey, byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    BreakerKey key = key(text);
    if (key.isQueue()) {
      RequestValues.queue(key.text());
    }
    String actor = caller.identity().subject();
    return steering.carryOut(
        SteeringRequests.order(namespace, key, action, actor, idempotencyKey, body));
  }

  private static BreakerKey key(String text) {
    if (!BreakerKey.PATTERN.matcher(text).matches()) {
      throw unknown();
    }
    return new BreakerKey(text);
  }

  private static ProblemException unknown() {
    return ProblemException.notFound(
        NOT_FOUND, "expected queue:<name> or key:<text> of a breaker that has seen a result");
  }

  private static BreakerPage page(List<Breaker> found, int size, Cursors cursors) {
    List<BreakerView> items = found.stream().limit(size).map(BreakerView::brief).toList();
    if (found.size() <= size) {
      return new BreakerPage(items, null);
    }
    BreakerKey last = items.getLast().key();
    return new BreakerPage(items, cursors.encode(new After(last)));
  }
}
