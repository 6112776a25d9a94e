package dev.dome.provenance.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.provenance.application.Bundles;
import dev.dome.provenance.application.SealStore;
import dev.dome.provenance.application.SealStore.Sealed;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What was signed about what the audit purged; whoever may read tombstones may read it. */
@Path("/v1/namespaces/{ns}/purge-statements/{sha256}")
@Authorized(Operation.READ_RETENTION)
@RunOnVirtualThread
@Tag(name = "statements")
public class TombstoneStatementsResource {
  private static final ReasonCode PENDING = new ReasonCode("PROVENANCE.STATEMENTS_PENDING");

  private final SealStore store;
  private final Bundles bundles;

  @Inject
  TombstoneStatementsResource(SealStore store, Bundles bundles) {
    this.store = store;
    this.bundles = bundles;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @APIResponse(
      responseCode = "200",
      description = "A Sigstore bundle v0.3 with the proof for the checkpoint of the moment",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(type = SchemaType.OBJECT)))
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getTombstoneStatement",
      summary = "The bundle of the statement about a tombstone of the audit, by its digest")
  public Response bundle(@PathParam("ns") String ns, @PathParam("sha256") String sha256) {
    Sealed sealed =
        store
            .ofTombstone(RequestValues.namespace(ns), RequestValues.sha256(sha256))
            .orElseThrow(ProblemException::notFound);
    JsonNode bundle =
        bundles
            .of(sealed)
            .orElseThrow(() ->
                ProblemException.notFound(PENDING, "It is signed; its checkpoint is being made."));
    return Response.ok(bundle, MediaType.APPLICATION_JSON_TYPE).build();
  }
}
