package dev.dome.statecontroller.api;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.CloudEvent;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.JournalRow;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.web.Authorized;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A run's journal: its events for everyone who follows it, its rows for whoever checks it. */
@Path("/v1/namespaces/{ns}/runs/{id}")
@Authorized(Operation.READ)
@Tag(name = "journal")
public class RunJournalResource {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final RunLookup lookup;
  private final JournalReads journal;
  private final EventFollower follower;

  RunJournalResource(RunLookup lookup, JournalReads journal, EventFollower follower) {
    this.lookup = lookup;
    this.journal = journal;
    this.follower = follower;
  }

  @GET
  @Path("events")
  @Produces(MediaType.APPLICATION_JSON)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listEvents",
      summary = "The run's events after a sequence; as server-sent events they go on to the end",
      description =
          "With Accept: text/event-stream the answer is a stream: id is the sequence, event the"
              + " topic, data the envelope. Last-Event-ID resumes it; it ends after run.completed."
              + " With Accept: application/cloudevents-batch+json a page is an array of CloudEvents,"
              + " and Link names the next one; with application/cloudevents+json the answer is the"
              + " one event that is next, or 204 while there is none.")
  public Uni<Positioned<EventEnvelope>> events(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @Parameter(description = "Only events with a greater sequence") @QueryParam("after")
          String after,
      @QueryParam("page_size") String pageSize,
      @QueryParam("min_position") String minPosition) {
    return page(ns, id, sequence(after, "after"), PageSize.of(pageSize), minPosition);
  }

  @GET
  @Path("events")
  @Produces(CloudEvent.BATCH_MEDIA_TYPE + ";qs=0.4")
  @org.eclipse.microprofile.openapi.annotations.Operation(hidden = true)
  public Uni<Response> cloudEvents(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("after") String after,
      @QueryParam("page_size") String pageSize,
      @QueryParam("min_position") String minPosition) {
    NamespaceId namespace = RequestValues.namespace(ns);
    int size = PageSize.of(pageSize);
    return page(ns, id, sequence(after, "after"), size, minPosition)
        .map(page -> {
          List<CloudEvent> events =
              page.items().stream().map(event -> CloudEvent.of(namespace, event)).toList();
          Response.ResponseBuilder answer =
              Response.ok(Json.write(events), CloudEvent.BATCH_MEDIA_TYPE);
          if (page.nextAfter() != null) {
            answer.header(
                HttpHeaders.LINK,
                "<?after=%d&page_size=%d>; rel=\"next\"".formatted(page.nextAfter(), size));
          }
          return answer.build();
        });
  }

  @GET
  @Path("events")
  @Produces(CloudEvent.MEDIA_TYPE + ";qs=0.3")
  @org.eclipse.microprofile.openapi.annotations.Operation(hidden = true)
  public Uni<Response> cloudEvent(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("after") String after,
      @QueryParam("min_position") String minPosition) {
    NamespaceId namespace = RequestValues.namespace(ns);
    return page(ns, id, sequence(after, "after"), 1, minPosition)
        .map(page ->
            page.items().isEmpty()
                ? Response.noContent().build()
                : Response.ok(
                        Json.write(CloudEvent.of(namespace, page.items().getFirst())),
                        CloudEvent.MEDIA_TYPE)
                    .build());
  }

  private Uni<Positioned<EventEnvelope>> page(
      String ns, String id, long after, int size, String minPosition) {
    return lookup
        .find(ns, id, minPosition)
        .chain(run -> journal.events(run.runUid(), after, size + 1))
        .map(rows -> rows.stream().map(JournalRow::envelope).toList())
        .map(events -> Positioned.of(events, size, EventEnvelope::sequence));
  }

  @GET
  @Path("events")
  @ExistingRun
  @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
  @org.eclipse.microprofile.openapi.annotations.Operation(hidden = true)
  public Multi<OutboundSseEvent> follow(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("after") String after,
      @HeaderParam(LAST_EVENT_ID) String lastEventId,
      @Context Sse sse) {
    long from =
        lastEventId == null ? sequence(after, "after") : sequence(lastEventId, LAST_EVENT_ID);
    return follower.follow(lookup.find(ns, id, null), from, sse);
  }

  @GET
  @Path("ledger")
  @Produces(MediaType.APPLICATION_JSON)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listLedger",
      summary = "The run's journal rows with their hashes, inputs included, after a sequence")
  public Uni<Positioned<JournalRow>> ledger(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @Parameter(description = "Only rows with a greater sequence") @QueryParam("after")
          String after,
      @QueryParam("page_size") String pageSize,
      @QueryParam("min_position") String minPosition) {
    int size = PageSize.of(pageSize);
    long from = sequence(after, "after");
    return lookup
        .find(ns, id, minPosition)
        .chain(run -> journal.rows(run.runUid(), from, size + 1))
        .map(rows -> Positioned.of(rows, size, row -> row.envelope().sequence()));
  }

  private static long sequence(String text, String name) {
    return RequestValues.number(text, name, 0, 0, Long.MAX_VALUE);
  }
}
