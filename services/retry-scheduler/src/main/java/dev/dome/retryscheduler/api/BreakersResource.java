package dev.dome.retryscheduler.api;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.kernel.Breaker;
import dev.dome.retryscheduler.application.BreakerStore;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
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
@Authorized(Operation.READ)
@Tag(name = "breakers")
public class BreakersResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;
  private static final int CHANGES = 50;
  private static final ReasonCode NOT_FOUND = new ReasonCode("BREAKER.NOT_FOUND");

  private final BreakerStore store;

  @Inject
  BreakersResource(BreakerStore store) {
    this.store = store;
  }

  /** Where a page ends. */
  private record After(BreakerKey key) {}

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listBreakers",
      summary = "Circuit breakers that have seen a result, by key")
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
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getBreaker",
      summary = "A circuit breaker with its latest changes")
  public Uni<BreakerView> get(@PathParam("ns") String ns, @PathParam("key") String text) {
    NamespaceId namespace = RequestValues.namespace(ns);
    if (!BreakerKey.PATTERN.matcher(text).matches()) {
      throw unknown();
    }
    BreakerKey key = new BreakerKey(text);
    return store
        .find(namespace, key)
        .map(found -> found.orElseThrow(BreakersResource::unknown))
        .flatMap(breaker ->
            store
                .changes(namespace, key, CHANGES)
                .map(changes -> BreakerView.whole(breaker, changes)));
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
