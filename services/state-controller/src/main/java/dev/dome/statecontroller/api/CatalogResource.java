package dev.dome.statecontroller.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.ReasonCodes;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What this build ships as truth: the reason codes and the default policies. */
@Path("/v1/namespaces/{ns}")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "catalog")
public class CatalogResource {
  private static final String POLICIES = "/ssot/policy/runtime.policies.json";

  private final ReasonCodeList reasonCodes = reasonCodeList();
  private final PolicyView policies = policyView();

  /** One reason code and what to do about it. */
  public record ReasonCodeView(
      String code,
      @JsonProperty("class") String reasonClass,
      String severity,
      String description,
      String action,
      int httpStatus,
      boolean retryable) {}

  /** The catalog, by code. */
  public record ReasonCodeList(String version, List<ReasonCodeView> items) {}

  /**
   * The policies a new run of the namespace is pinned to.
   *
   * @param digest SHA-256 over the canonical JSON of the policies
   */
  public record PolicyView(String version, String digest, JsonNode policies) {}

  @GET
  @Path("reason-codes")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listReasonCodes",
      summary = "Every reason code with its class, meaning and remedy")
  public ReasonCodeList reasonCodes(@PathParam("ns") String ns) {
    return reasonCodes;
  }

  @GET
  @Path("policies")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getPolicies",
      summary = "The policies a new run is pinned to")
  public PolicyView policies(@PathParam("ns") String ns) {
    return policies;
  }

  private static ReasonCodeList reasonCodeList() {
    ReasonCodes catalog = ReasonCodes.standard();
    return new ReasonCodeList(
        catalog.version(),
        catalog.all().stream()
            .map(entry ->
                new ReasonCodeView(
                    entry.code().value(),
                    entry.reasonClass().name(),
                    entry.severity().name(),
                    entry.description(),
                    entry.action(),
                    entry.httpStatus(),
                    entry.retryable()))
            .toList());
  }

  private static PolicyView policyView() {
    try (InputStream in = CatalogResource.class.getResourceAsStream(POLICIES)) {
      if (in == null) {
        throw new IllegalStateException("the jar was built without " + POLICIES);
      }
      JsonNode policies = Json.read(in.readAllBytes(), JsonNode.class);
      return new PolicyView(
          policies.path("version").asText(), CanonicalJson.sha256(policies), policies);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
