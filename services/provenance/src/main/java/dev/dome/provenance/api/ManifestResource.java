package dev.dome.provenance.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.provenance.application.ProvenanceStore;
import dev.dome.provenance.application.ProvenanceStore.ManifestState;
import dev.dome.security.Operation;
import dev.dome.verification.Manifest;
import dev.dome.web.Authorized;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What went into a run and what came out of it, by digest. */
@Path("/v1/namespaces/{ns}/runs/{id}/manifest")
@Authorized(Operation.READ)
@Tag(name = "manifests")
public class ManifestResource {
  private static final ReasonCode PENDING = new ReasonCode("PROVENANCE.MANIFEST_PENDING");
  private static final ReasonCode DIFFERS = new ReasonCode("PROVENANCE.REPLAY_DIFFERS");

  private final ProvenanceStore store;

  @Inject
  ManifestResource(ProvenanceStore store) {
    this.store = store;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @APIResponse(
      responseCode = "200",
      description = "The run.manifest artifact, byte for byte as its ETag, a SHA-256, says",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema =
                  @Schema(
                      type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.OBJECT)))
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getManifest",
      summary = "The manifest of a run that ended")
  public Uni<Response> manifest(
      @PathParam("ns") String ns, @PathParam("id") String id, @Context Request request) {
    NamespaceId namespace = RequestValues.namespace(ns);
    RunId runId = RequestValues.runId(id);
    return store.manifest(namespace, runId).map(state -> answer(state, request));
  }

  private static Response answer(ManifestState state, Request request) {
    return switch (state) {
      case ManifestState.Stored(Manifest manifest) -> answer(manifest, request);
      case ManifestState.Pending(boolean disputed) when disputed ->
          throw ProblemException.of(
              409, DIFFERS, "The run's inputs do not make what was recorded; see its replays.");
      case ManifestState.Pending pending ->
          throw ProblemException.notFound(PENDING, "The run ended; its manifest is being made.");
      case ManifestState.Unknown unknown -> throw ProblemException.notFound();
    };
  }

  private static Response answer(Manifest manifest, Request request) {
    EntityTag tag = new EntityTag(manifest.sha256());
    Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
    return unchanged != null
        ? unchanged.tag(tag).build()
        : Response.ok(manifest.bytes(), MediaType.APPLICATION_JSON_TYPE).tag(tag).build();
  }
}
