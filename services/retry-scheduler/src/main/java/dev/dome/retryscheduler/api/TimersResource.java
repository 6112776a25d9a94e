package dev.dome.retryscheduler.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.retryscheduler.application.TimerStore;
import dev.dome.retryscheduler.application.TimerStore.After;
import dev.dome.retryscheduler.application.TimerStore.ListedTimer;
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

/** What the open runs of a namespace wait for. */
@Path("/v1/namespaces/{ns}/timers")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "timers")
public class TimersResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;

  private final TimerStore store;

  @Inject
  TimersResource(TimerStore store) {
    this.store = store;
  }

  /** A cursor belongs to the namespace it was given out for. */
  record Position(String list, String namespace, long dueAtMs, String timerId) {
    Position {
      Objects.requireNonNull(list);
      Objects.requireNonNull(namespace);
      Objects.requireNonNull(timerId);
    }
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listTimers",
      summary = "Timers of open runs, by due time")
  public Uni<TimerPage> list(
      @PathParam("ns") String ns,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    NamespaceId namespace = RequestValues.namespace(ns);
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    return store
        .list(namespace, after(namespace, cursor), size + 1)
        .map(timers -> page(namespace, timers, size));
  }

  private static Optional<After> after(NamespaceId namespace, String cursor) {
    if (cursor == null) {
      return Optional.empty();
    }
    Position position = Cursor.decode(cursor, Position.class);
    if (!position.list().equals("timers") || !position.namespace().equals(namespace.value())) {
      throw ProblemException.badRequest(
          WebReason.BAD_CURSOR, "The cursor belongs to another list; start again without one.");
    }
    return Optional.of(new After(position.dueAtMs(), position.timerId()));
  }

  private static TimerPage page(NamespaceId namespace, List<ListedTimer> timers, int size) {
    List<ListedTimer> shown = timers.subList(0, Math.min(size, timers.size()));
    List<TimerView> items = shown.stream().map(TimerView::of).toList();
    if (timers.size() <= size) {
      return new TimerPage(items, null);
    }
    var last = shown.getLast().timer();
    return new TimerPage(
        items,
        Cursor.encode(new Position("timers", namespace.value(), last.dueAtMs(), last.timerId())));
  }
}
