package dev.dome.auditexport.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * What every operation has in common in the contract: the bearer token, who owns it, and that it
 * may be away.
 */
public final class AuditContract implements OASFilter {
  private static final String OWNER = "audit-export";
  private static final String BEARER = "bearer";

  /** A body of each operation that reads one. */
  private static final Map<String, Map<String, String>> EXAMPLES =
      Map.of(
          "setRetention",
          Map.of("retention_class", "standard"),
          "placeHold",
          new TreeMap<>(
              Map.of(
                  "run_id", "pkt-dome-demo-0001",
                  "reason", "lawsuit 17 of 2026",
                  "authority", "district court, order of 2026-11-02")),
          "releaseHold",
          Map.of("reason", "the lawsuit is settled"),
          "purgeAudit",
          new TreeMap<>(
              Map.of(
                  "retention_class", "short",
                  "month", "2026-01",
                  "reason", "the days are over",
                  "authority", "records schedule 7")));

  @Override
  public void filterOpenAPI(OpenAPI contract) {
    contract
        .getComponents()
        .addSecurityScheme(
            BEARER,
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme(BEARER)
                .bearerFormat("JWT"));
    contract.getPaths().getPathItems().forEach(AuditContract::complete);
  }

  /** What lies outside the namespaces is for operators of dome itself. */
  private static void complete(String path, PathItem item) {
    if (path.startsWith("/v1/namespaces")) {
      item.addExtension("x-dome-owner", OWNER);
    }
    item.getOperations().values().forEach(AuditContract::complete);
  }

  private static void complete(Operation operation) {
    if (EXAMPLES.containsKey(operation.getOperationId())) {
      operation
          .getRequestBody()
          .getContent()
          .getMediaType("application/json")
          .setExample(EXAMPLES.get(operation.getOperationId()));
    }
    operation.setSecurity(
        List.of(OASFactory.createSecurityRequirement().addScheme(BEARER, List.of())));
    operation
        .getResponses()
        .addAPIResponse(
            "503",
            OASFactory.createAPIResponse().description("Come again after the time in Retry-After"));
  }
}
