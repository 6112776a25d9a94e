package dev.dome.auditexport.api;

import java.util.List;
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
    contract.getPaths().getPathItems().values().forEach(AuditContract::complete);
  }

  private static void complete(PathItem item) {
    item.addExtension("x-dome-owner", OWNER);
    item.getOperations().values().forEach(AuditContract::complete);
  }

  private static void complete(Operation operation) {
    operation.setSecurity(
        List.of(OASFactory.createSecurityRequirement().addScheme(BEARER, List.of())));
    operation
        .getResponses()
        .addAPIResponse(
            "503",
            OASFactory.createAPIResponse().description("Come again after the time in Retry-After"));
  }
}
