package dev.dome.retryscheduler.api;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.kernel.Breaker;
import dev.dome.retryscheduler.application.BreakerStore;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Cursor;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  /** A cursor belongs to the namespace it was given out for. */
  record Position(String list, String namespace, BreakerKey key) {
    Position {
      Objects.requireNonNull(list);
      Objects.requireNonNull(namespace);
      Objects.requireNonNull(key);
    }
  }

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
    return store
        .list(namespace, after(namespace, cursor), size + 1)
        .map(found -> page(namespace, found, size));
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

  private static Optional<BreakerKey> after(NamespaceId namespace, String cursor) {
    if (cursor == null) {
      return Optional.empty();
    }
    Position position = Cursor.decode(cursor, Position.class);
    if (!position.list().equals("breakers") || !position.namespace().equals(namespace.value())) {
      throw ProblemException.badRequest(
          WebReason.BAD_CURSOR, "The cursor belongs to another list; start again without one.");
    }
    return Optional.of(position.key());
  }

  private static BreakerPage page(NamespaceId namespace, List<Breaker> found, int size) {
    List<BreakerView> items = found.stream().limit(size).map(BreakerView::brief).toList();
    if (found.size() <= size) {
      return new BreakerPage(items, null);
    }
    BreakerKey last = items.getLast().key();
    return new BreakerPage(items, Cursor.encode(new Position("breakers", namespace.value(), last)));
  }
}
