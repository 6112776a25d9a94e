package dev.dome.ingest.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.Sha256;
import dev.dome.ingest.application.Evidence;
import dev.dome.ingest.application.EvidenceStore;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Stored evidence, as it was uploaded. {@link EvidenceUploadRoute} takes it in. */
@Path("/v1/namespaces/{ns}/evidence")
@Tag(name = "evidence")
public final class EvidenceResource {
  private static final Logger LOG = Logger.getLogger(EvidenceResource.class);
  private static final int RETRY_AFTER_SECONDS = 2;

  private final EvidenceStore store;

  EvidenceResource(EvidenceStore store) {
    this.store = store;
  }

  @GET
  @Path("{sha256}")
  @RunOnVirtualThread
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getEvidence",
      summary = "Streams stored evidence")
  public Response get(@PathParam("ns") String ns, @PathParam("sha256") String sha256) {
    NamespaceId namespace = RequestValues.namespace(ns);
    Sha256 digest = RequestValues.sha256(sha256);
    EvidenceStore.Content content = found(() -> store.open(namespace, digest));
    return described(content.evidence()).entity(content.bytes()).build();
  }

  @HEAD
  @Path("{sha256}")
  @RunOnVirtualThread
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "headEvidence",
      summary = "Says whether there is such evidence, and what is known of it")
  public Response head(@PathParam("ns") String ns, @PathParam("sha256") String sha256) {
    NamespaceId namespace = RequestValues.namespace(ns);
    Sha256 digest = RequestValues.sha256(sha256);
    return described(found(() -> store.find(namespace, digest))).build();
  }

  /** The store does not answer. */
  static ProblemException unavailable() {
    return Problems.unavailable(
        "INFRA.EVIDENCE_UNAVAILABLE",
        "The evidence store does not answer; nothing was changed.",
        RETRY_AFTER_SECONDS);
  }

  /**
   * Somebody else wrote the content, so a browser must neither guess what it is nor run it: types
   * that it would run are offered as a file.
   */
  private static Response.ResponseBuilder described(Evidence evidence) {
    String how = evidence.mediaType().mayBeShown() ? "inline" : "attachment";
    return Response.ok()
        .header(HttpHeaders.CONTENT_TYPE, evidence.mediaType().value())
        .header(HttpHeaders.CONTENT_LENGTH, evidence.bytes())
        .header(HttpHeaders.ETAG, "\"" + evidence.sha256() + "\"")
        .header(HttpHeaders.CONTENT_DISPOSITION, how + "; filename=\"" + evidence.sha256() + "\"")
        .header("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
        .header("Dome-Redaction", evidence.redaction().name())
        .header("Dome-Stored-At", evidence.storedAt());
  }

  /** A look into the store. */
  private interface Look<T> {
    Optional<T> look() throws IOException;
  }

  private static <T> T found(Look<T> look) {
    try {
      return look.look().orElseThrow(ProblemException::notFound);
    } catch (IOException e) {
      LOG.error("evidence store failed", e);
      throw unavailable();
    }
  }
}
