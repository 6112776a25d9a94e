package dev.dome.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.SchemaCatalog.Finding;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
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

  private final String name;
  private final String own;
  private final Map<String, JsonNode> documents;
  private final List<Finding> findings;

  private SchemaRules(String name, Map<String, JsonNode> documents, List<Finding> findings) {
    this.name = name;
    this.own = SchemaCatalog.idOf(name);
    this.documents = documents;
    this.findings = findings;
  }

  /** By schema name, in the order of each schema. */
  static List<Finding> check(Map<String, JsonNode> documents) {
    List<Finding> findings = new ArrayList<>();
    new TreeMap<>(documents)
        .forEach((name, schema) -> {
          SchemaCatalog.validateSchema(schema)
              .forEach(error -> findings.add(new Finding(name, error)));
          new SchemaRules(name, documents, findings).check(schema);
        });
    return findings;
  }

  private void check(JsonNode schema) {
    if (!own.equals(schema.path("$id").asText())) {
      add("/$id", "SCHEMA.CONST", "expected " + own);
    }
    checkReferences(schema, "");
  }

  private void checkReferences(JsonNode node, String pointer) {
    node.properties()
        .forEach(field -> {
          String place = pointer + "/" + field.getKey();
          if (REFERENCES.contains(field.getKey()) && field.getValue().isTextual()) {
            checkReference(place, field.getValue().textValue());
          }
          checkReferences(field.getValue(), place);
        });
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        checkReferences(node.get(i), pointer + "/" + i);
      }
    }
  }

  private void checkReference(String place, String reference) {
    String target = URI.create(own).resolve(reference).toString();
    int fragment = target.indexOf('#');
    String document = fragment < 0 ? target : target.substring(0, fragment);
    if (documents.keySet().stream().map(SchemaCatalog::idOf).noneMatch(document::equals)) {
      add(place, "SCHEMA.REMOTE_REF", "expected a schema of this catalog");
    }
  }

  private void add(String pointer, String code, String detail) {
    findings.add(new Finding(name, new FieldError(pointer, new ReasonCode(code), detail)));
  }
}
