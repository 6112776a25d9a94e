package dev.dome.auditexport.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.audit.OcsfActivity;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Records of the log as API Activities of OCSF.
 *
 * @param nextCursor asks for the page behind this one; absent when there is none yet
 */
public record OcsfPage(
    @Schema(type = SchemaType.ARRAY, implementation = Object.class) List<JsonNode> items,
    String nextCursor)
    implements AuditPage {

  static OcsfPage of(RecordPage page) {
    return new OcsfPage(
        page.items().stream().<JsonNode>map(item -> OcsfActivity.of(Json.tree(item))).toList(),
        page.nextCursor());
  }
}
