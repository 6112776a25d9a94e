package dev.dome.retryscheduler.api;

import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * What every operation has in common in the contract: the bearer token and the refusals, and of
 * writes the body.
 */
public final class SchedulerContract implements OASFilter {
  private static final String BEARER = "bearer";
  private static final Map<String, String> PROBLEMS =
      new TreeMap<>(
          Map.of(
              "400", "The request is malformed",
              "401", "No valid token",
              "403", "No role that may do this",
              "404", "No such resource, or none the caller may know of",
              "503", "Come again after the time in Retry-After"));

  private static final Map<String, String> WRITE_PROBLEMS =
      new TreeMap<>(
          Map.of(
              "409", "The idempotency key stands for another request",
              "413", "The body is larger than its limit",
              "415", "A media type that is not read",
              "422", "The body does not fit; errors names the places"));

  /** What an operator does with a word of reason; their body is read by hand. */
  private static final Set<String> STEERING =
      Set.of("pauseBreaker", "resumeBreaker", "pauseQueue", "resumeQueue");

  @Override
  public void filterOpenAPI(OpenAPI contract) {
    Components components =
        contract.getComponents() == null ? OASFactory.createComponents() : contract.getComponents();
    components.addSecurityScheme(
        BEARER,
        OASFactory.createSecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .bearerFormat("JWT"));
    contract.setComponents(components);
    contract.getPaths().getPathItems().values().forEach(SchedulerContract::complete);
  }

  private static void complete(PathItem item) {
    item.getOperations().values().forEach(SchedulerContract::complete);
    Operation post = item.getPOST();
    if (post != null && STEERING.contains(post.getOperationId())) {
      post.setRequestBody(body());
    }
    if (post != null && post.getRequestBody() != null) {
      refusals(post, WRITE_PROBLEMS);
    }
  }

  private static void complete(Operation operation) {
    operation.setSecurity(
        List.of(OASFactory.createSecurityRequirement().addScheme(BEARER, List.of())));
    refusals(operation, PROBLEMS);
  }

  private static RequestBody body() {
    Schema schema =
        OASFactory.createSchema()
            .ref(SchemaCatalog.BASE + SchemaNames.OPERATOR_REQUEST + ".schema.json");
    return OASFactory.createRequestBody()
        .required(true)
        .content(
            OASFactory.createContent()
                .addMediaType(
                    MediaType.APPLICATION_JSON, OASFactory.createMediaType().schema(schema)));
  }

  private static void refusals(Operation operation, Map<String, String> problems) {
    problems.forEach((status, meaning) ->
        operation
            .getResponses()
            .addAPIResponse(status, OASFactory.createAPIResponse().description(meaning)));
  }
}
