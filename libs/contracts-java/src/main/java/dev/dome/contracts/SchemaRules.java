package dev.dome.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.Problem.FieldError;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a schema of ssot must be before it is compiled: valid 2020-12, named, and self-contained.
 */
final class SchemaRules {
  private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef");

  private SchemaRules() {}

  /** One sentence per finding, each beginning with the schema's name; empty when all is well. */
  static List<String> check(Map<String, JsonNode> documents) {
    List<String> findings = new ArrayList<>();
    new TreeMap<>(documents)
        .forEach((name, schema) -> {
          checkMeta(name, schema, findings);
          checkId(name, schema, findings);
          checkReferences(name, schema, "", documents, findings);
        });
    return findings;
  }

  private static void checkMeta(String name, JsonNode schema, List<String> findings) {
    for (FieldError error : SchemaCatalog.validateSchema(schema)) {
      findings.add(
          "%s %s: %s %s".formatted(name, error.pointer(), error.reasonCode(), error.detail()));
    }
  }

  private static void checkId(String name, JsonNode schema, List<String> findings) {
    String expected = SchemaCatalog.BASE + name + ".schema.json";
    if (!expected.equals(schema.path("$id").asText())) {
      findings.add(name + " /$id: SCHEMA.CONST expected " + expected);
    }
  }

  private static void checkReferences(
      String name,
      JsonNode node,
      String pointer,
      Map<String, JsonNode> documents,
      List<String> findings) {
    node.properties()
        .forEach(field -> {
          String place = pointer + "/" + field.getKey();
          if (REFERENCES.contains(field.getKey()) && field.getValue().isTextual()) {
            checkReference(name, place, field.getValue().textValue(), documents, findings);
          }
          checkReferences(name, field.getValue(), place, documents, findings);
        });
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        checkReferences(name, node.get(i), pointer + "/" + i, documents, findings);
      }
    }
  }

  private static void checkReference(
      String name,
      String place,
      String reference,
      Map<String, JsonNode> documents,
      List<String> findings) {
    URI target = URI.create(SchemaCatalog.BASE + name + ".schema.json").resolve(reference);
    String text = target.toString();
    String document = text.substring(0, text.length() - fragmentLength(target));
    boolean local =
        documents.keySet().stream()
            .anyMatch(other -> document.equals(SchemaCatalog.BASE + other + ".schema.json"));
    if (!local) {
      findings.add(name + " " + place + ": SCHEMA.REMOTE_REF expected a schema of this catalog");
    }
  }

  private static int fragmentLength(URI target) {
    return target.getRawFragment() == null ? 0 : target.getRawFragment().length() + 1;
  }
}
