package dev.dome.provenance.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** What every operation has in common in the contract: the bearer token and the refusals. */
public final class ProvenanceContract implements OASFilter {
  private static final String BEARER = "bearer";
  private static final Map<String, String> PROBLEMS =
      new TreeMap<>(
          Map.of(
              "400", "The request is malformed",
              "401", "No valid token",
              "403", "No role that may do this",
              "404", "No such resource, or none the caller may know of",
              "503", "Come again after the time in Retry-After"));

  /** What single operations refuse besides. */
  private static final Map<String, Map<String, String>> OWN_PROBLEMS =
      Map.of(
          "getManifest",
          Map.of("409", "The run's inputs do not make what was recorded"),
          "replayRun",
          Map.of("422", "The run's ledger is too large to replay while somebody waits"));

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
    contract
        .getPaths()
        .getPathItems()
        .values()
        .forEach(item -> item.getOperations().values().forEach(ProvenanceContract::complete));
  }

  private static void complete(Operation operation) {
    operation.setSecurity(
        List.of(OASFactory.createSecurityRequirement().addScheme(BEARER, List.of())));
    Map<String, String> problems = new TreeMap<>(PROBLEMS);
    problems.putAll(OWN_PROBLEMS.getOrDefault(operation.getOperationId(), Map.of()));
    if (operation.getOperationId().equals("replayRun")) {
      operation
          .getRequestBody()
          .getContent()
          .getMediaType("application/json")
          .setExample(Map.of("run_id", "pkt-dome-demo-0001"));
    }
    problems.forEach((status, meaning) ->
        operation
            .getResponses()
            .addAPIResponse(status, OASFactory.createAPIResponse().description(meaning)));
  }
}
