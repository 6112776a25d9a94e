package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.ingest.application.BulkRedrives;
import dev.dome.ingest.application.DeadLetters.Filter;
import dev.dome.ingest.application.Redrives;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Trying again what was given up. */
@Path("/v1/namespaces/{ns}/dead-letters")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "dead-letters")
public final class DeadLettersResource {
  private static final String USUAL_REASON = "OPERATOR.REDRIVE";

  private final Endpoint endpoint;
  private final Documents documents;
  private final Redrives redrives;
  private final BulkRedrives bulk;

  DeadLettersResource(
      Endpoint endpoint, Documents documents, Redrives redrives, BulkRedrives bulk) {
    this.endpoint = endpoint;
    this.documents = documents;
    this.redrives = redrives;
    this.bulk = bulk;
  }

  @POST
  @Path("{id}/redrive")
  @Authorized(Operation.REDRIVE)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "redriveDeadLetter",
      summary = "Starts a run that tries again what the dead letter's run gave up")
  public Uni<Response> redrive(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String bearer,
      byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    return endpoint.write(
        namespace,
        () -> {
          ObjectNode document = document(SchemaNames.REDRIVE_REQUEST, body);
          return redrives.redrive(ask(namespace, bearer, key, document), body, id);
        });
  }

  @POST
  @Path("redrive")
  @Authorized(Operation.REDRIVE)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "redriveDeadLetters",
      summary = "Redrives the runs of the open dead letters that a filter finds, or says which")
  public Uni<Response> redriveAll(
      @PathParam("ns") String ns,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String bearer,
      byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    return endpoint.answer(
        () -> {
          ObjectNode document = document(SchemaNames.REDRIVE_BULK_REQUEST, body);
          JsonNode filter = document.required("filter");
          return bulk.redrive(
              ask(namespace, bearer, key, document),
              body,
              new Filter(filter.path("queue").textValue(), filter.path("run_id").textValue()),
              document.path("dry_run").asBoolean());
        },
        outcome ->
            switch (outcome) {
              case BulkRedrives.Outcome.Done(BulkRedrives.Result result) ->
                  Answers.json(200, result).build();
              case BulkRedrives.Outcome.Refused refused -> Answers.of(namespace, refused.answer());
            });
  }

  private ObjectNode document(String schema, byte[] body) {
    ObjectNode document = documents.redacted(documents.fitting(schema, documents.object(body)));
    Documents.requireKnownReason(document);
    return document;
  }

  private Redrives.Ask ask(NamespaceId namespace, String bearer, String key, ObjectNode document) {
    return new Redrives.Ask(
        endpoint.requester(namespace),
        bearer,
        IdempotencyKeys.of(key).map(given -> given.text()),
        new ReasonCode(document.path("reason_code").asText(USUAL_REASON)),
        document.required("comment").asText());
  }
}
