package dev.dome.statecontroller.api;

import dev.dome.contracts.artifact.Problem;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * What every operation has in common in the contract: the bearer token, the problems it may answer
 * with, and who owns it, from which the entrance derives its routes.
 */
public final class DocumentedAnswers implements OASFilter {
  private static final String OWNER = "state-controller";
  private static final String BEARER = "bearer";
  private static final Map<String, String> PROBLEMS =
      Map.of(
          "400", "The request is malformed",
          "401", "No valid token",
          "403", "No role that may do this",
          "404", "No such resource, or none the caller may know of",
          "503", "Come again after the time in Retry-After");

  @Override
  public void filterOpenAPI(OpenAPI contract) {
    Components components = contract.getComponents();
    if (components == null) {
      components = OASFactory.createComponents();
      contract.setComponents(components);
    }
    components.addSchema("Problem", problem());
    components.addSecurityScheme(
        BEARER,
        OASFactory.createSecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .bearerFormat("JWT"));
    if (contract.getPaths() != null) {
      contract.getPaths().getPathItems().forEach(DocumentedAnswers::complete);
    }
  }

  /** What lies outside the namespaces is for dome's own services, and the entrance has no route. */
  private static void complete(String path, PathItem item) {
    if (path.startsWith("/v1/namespaces")) {
      item.addExtension("x-dome-owner", OWNER);
    }
    item.getOperations().values().forEach(DocumentedAnswers::complete);
  }

  private static void complete(Operation operation) {
    operation.setSecurity(
        List.of(OASFactory.createSecurityRequirement().addScheme(BEARER, List.of())));
    if (operation.getOperationId().equals("setLimit")) {
      operation
          .getRequestBody()
          .getContent()
          .getMediaType("application/json")
          .setExample(Map.of("max_concurrent", 4));
    }
    PROBLEMS.keySet().stream()
        .sorted()
        .forEach(status -> operation.getResponses().addAPIResponse(status, answer(status)));
  }

  private static APIResponse answer(String status) {
    return OASFactory.createAPIResponse()
        .description(PROBLEMS.get(status))
        .content(
            OASFactory.createContent()
                .addMediaType(
                    Problem.MEDIA_TYPE,
                    OASFactory.createMediaType()
                        .schema(OASFactory.createSchema().ref("#/components/schemas/Problem"))));
  }

  private static Schema problem() {
    Schema error =
        object()
            .addProperty("pointer", type(Schema.SchemaType.STRING))
            .addProperty("reason_code", type(Schema.SchemaType.STRING))
            .addProperty("detail", type(Schema.SchemaType.STRING));
    return object()
        .required(List.of("type", "title", "status", "reason_code", "retryable"))
        .addProperty("type", type(Schema.SchemaType.STRING))
        .addProperty("title", type(Schema.SchemaType.STRING))
        .addProperty("status", type(Schema.SchemaType.INTEGER))
        .addProperty("detail", type(Schema.SchemaType.STRING))
        .addProperty("instance", type(Schema.SchemaType.STRING))
        .addProperty("reason_code", type(Schema.SchemaType.STRING))
        .addProperty("retryable", type(Schema.SchemaType.BOOLEAN))
        .addProperty("trace_id", type(Schema.SchemaType.STRING))
        .addProperty("errors", type(Schema.SchemaType.ARRAY).items(error));
  }

  private static Schema object() {
    return type(Schema.SchemaType.OBJECT);
  }

  private static Schema type(Schema.SchemaType type) {
    return OASFactory.createSchema().type(List.of(type));
  }
}
