package dev.dome.provenance.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.provenance.application.Bundles;
import dev.dome.provenance.application.SealStore;
import dev.dome.provenance.application.SealStore.Sealed;
import dev.dome.provenance.application.StatementKind;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What was signed about runs, each with the proof that the log has it. */
@Path("/v1/namespaces/{ns}/runs/{id}/statements")
@Authorized(Operation.READ)
@RunOnVirtualThread
@Tag(name = "statements")
public class StatementsResource {
  private static final ReasonCode PENDING = new ReasonCode("PROVENANCE.STATEMENTS_PENDING");

  private final SealStore store;
  private final Bundles bundles;

  @Inject
  StatementsResource(SealStore store, Bundles bundles) {
    this.store = store;
    this.bundles = bundles;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listStatements",
      summary = "The statements of a run and of its replays, none while they are being made")
  public StatementList list(@PathParam("ns") String ns, @PathParam("id") String id) {
    return new StatementList(of(ns, id).stream().map(StatementView::of).toList());
  }

  private List<Sealed> of(String ns, String id) {
    NamespaceId namespace = RequestValues.namespace(ns);
    RunId runId = RequestValues.runId(id);
    return store.statements(namespace, runId);
  }

  @GET
  @Path("/{statement}")
  @Produces(MediaType.APPLICATION_JSON)
  @APIResponse(
      responseCode = "200",
      description = "A Sigstore bundle v0.3 with the proof for the checkpoint of the moment",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(type = SchemaType.OBJECT)))
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getStatement",
      summary = "The bundle of provenance, run-gate, vsa, or of a replay by its id")
  public Response bundle(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @PathParam("statement") String statement) {
    Sealed sealed =
        of(ns, id).stream()
            .filter(one -> isNamed(one, statement))
            .reduce((older, newer) -> newer)
            .orElseThrow(ProblemException::notFound);
    JsonNode bundle =
        bundles
            .of(sealed)
            .orElseThrow(() ->
                ProblemException.notFound(PENDING, "It is signed; its checkpoint is being made."));
    return Response.ok(bundle, MediaType.APPLICATION_JSON_TYPE).build();
  }

  private static boolean isNamed(Sealed sealed, String name) {
    return sealed.kind() == StatementKind.REPLAY
        ? sealed.subject().equals(name)
        : sealed.kind().pathName().equals(name);
  }
}
