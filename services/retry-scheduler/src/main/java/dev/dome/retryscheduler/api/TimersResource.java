package dev.dome.retryscheduler.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.retryscheduler.application.TimerList;
import dev.dome.retryscheduler.application.TimerList.After;
import dev.dome.retryscheduler.application.TimerList.ListedTimer;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
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

/** What the open runs of a namespace wait for. */
@Path("/v1/namespaces/{ns}/timers")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "timers")
public class TimersResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;

  private final TimerList timers;

  @Inject
  TimersResource(TimerList timers) {
    this.timers = timers;
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
    Cursors cursors = Cursors.of("timers", ns);
    return timers
        .list(namespace, cursors.decode(cursor, After.class), size + 1)
        .map(found -> page(found, size, cursors));
  }

  private static TimerPage page(List<ListedTimer> found, int size, Cursors cursors) {
    List<ListedTimer> shown = found.subList(0, Math.min(size, found.size()));
    List<TimerView> items = shown.stream().map(TimerView::of).toList();
    if (found.size() <= size) {
      return new TimerPage(items, null);
    }
    var last = shown.getLast().timer();
    return new TimerPage(items, cursors.encode(new After(last.dueAtMs(), last.timerId())));
  }
}
