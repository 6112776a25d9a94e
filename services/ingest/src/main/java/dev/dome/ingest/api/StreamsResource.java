package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.contracts.wire.Subjects;
import dev.dome.ingest.application.StreamRebuild;
import dev.dome.ingest.application.StreamRebuild.Begun;
import dev.dome.ingest.application.StreamRebuild.Result;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Changes;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Repairs of the streams, for operators of dome itself. */
@Path("/v1/streams")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "streams")
public final class StreamsResource {
  private static final NamespaceId SYSTEM = new NamespaceId(Authorized.SYSTEM_NAMESPACE);

  private final Endpoint endpoint;
  private final Documents documents;
  private final StreamRebuild rebuild;
  private final Changes changes;

  StreamsResource(Endpoint endpoint, Documents documents, StreamRebuild rebuild, Changes changes) {
    this.endpoint = endpoint;
    this.documents = documents;
    this.rebuild = rebuild;
    this.changes = changes;
  }

  @POST
  @Path("rebuild")
  @Authorized(value = Operation.REBUILD_STREAMS, namespace = Authorized.SYSTEM_NAMESPACE)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "rebuildStreams",
      summary = "Makes the streams that are gone and publishes the journal into DOME_JOURNAL again")
  public Uni<Response> rebuild(byte[] body) {
    Consumer<Change> changed = changes.begun();
    return endpoint.answer(
        () -> {
          ObjectNode document =
              documents.fitting(SchemaNames.STREAMS_REBUILD_REQUEST, documents.object(body));
          return rebuild.begin(
              endpoint.requester(SYSTEM), document.path("after").asLong(), lanes(document));
        },
        result ->
            switch (result) {
              case Result.Done(Begun begun) -> {
                changed.accept(change(begun));
                yield Answers.json(begun.decided() ? 200 : 202, begun).build();
              }
              case Result.Refused refused -> Answers.of(SYSTEM, refused.answer());
            });
  }

  private static Change change(Begun begun) {
    ObjectNode value = Json.mapper().createObjectNode();
    begun.streamsMade().forEach(value.putArray("streams_made")::add);
    begun.lanes().forEach(asked -> value.withArray("lanes").add(asked.lane()));
    return new Change("streams", Subjects.JOURNAL_STREAM, value);
  }

  private List<Integer> lanes(ObjectNode document) {
    List<Integer> lanes = new ArrayList<>();
    for (JsonNode lane : document.path("lanes")) {
      if (!rebuild.has(lane.intValue())) {
        throw Problems.violation(
            "/lanes/" + lanes.size(), "SCHEMA.RANGE", "expected a lane that this database has");
      }
      lanes.add(lane.intValue());
    }
    return lanes;
  }
}
