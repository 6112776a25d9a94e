package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.dome.contracts.SchemaCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The public contract: the OpenAPI documents of the services, and the schemas they refer to. */
final class Contract {
  private static final Pattern TEMPLATE = Pattern.compile("\\{[^}]+}");
  private static final String SUFFIX = ".schema.json";

  private final List<Operation> operations;

  private Contract(List<Operation> operations) {
    this.operations = operations;
  }

  private record Operation(String method, Pattern path, JsonNode body) {}

  /** The contract this build was made with. */
  static Contract standard() {
    List<Operation> operations = new ArrayList<>();
    for (String service : List.of("ingest", "state-controller")) {
      for (var path : document(service).path("paths").properties()) {
        for (var method : path.getValue().properties()) {
          operations.add(
              new Operation(
                  method.getKey().toUpperCase(Locale.ROOT),
                  pattern(path.getKey()),
                  method.getValue().path("requestBody")));
        }
      }
    }
    return new Contract(operations);
  }

  private static JsonNode document(String service) {
    String resource = "/contracts/openapi/" + service + "/v1.yaml";
    try (InputStream in = Contract.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar was built without " + resource);
      }
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pattern pattern(String template) {
    StringBuilder expression = new StringBuilder();
    for (String part : template.substring(1).split("/", -1)) {
      boolean variable = TEMPLATE.matcher(part).matches();
      expression.append('/').append(variable ? "[^/]+" : Pattern.quote(part));
    }
    return Pattern.compile(expression.toString());
  }

  /** What the request breaks; empty when the contract has it. */
  List<String> violations(Request request) {
    if (request.kind() == Kind.BATCH) {
      return batchViolations(request);
    }
    Optional<Operation> found =
        operations.stream()
            .filter(operation -> operation.method().equals(request.method()))
            .filter(operation -> operation.path().matcher(request.path()).matches())
            .findFirst();
    String name = request.method() + " " + request.path();
    return found
        .map(operation -> bodyViolations(operation.body(), request, name))
        .orElseGet(() -> List.of(name + " is no operation of the contract"));
  }

  private static List<String> bodyViolations(JsonNode declared, Request request, String name) {
    JsonNode content = declared.path("content");
    String mediaType = request.header("Content-Type").split(";", 2)[0].strip();
    if (content.isEmpty() || content.has("*/*")) {
      return List.of();
    }
    if (!content.has(mediaType)) {
      return List.of(name + " came as '" + mediaType + "'; the contract takes " + names(content));
    }
    String reference = content.path(mediaType).path("schema").path("$ref").asText("");
    if (!reference.startsWith(SchemaCatalog.BASE)) {
      return List.of();
    }
    String schema = reference.substring(SchemaCatalog.BASE.length()).replace(SUFFIX, "");
    return schemaViolations(schema, request.body(), name);
  }

  private static List<String> schemaViolations(String schema, JsonNode body, String name) {
    if (body.isMissingNode()) {
      return List.of(name + " has no JSON body");
    }
    return SchemaCatalog.standard().validate(schema, body).stream()
        .map(error -> name + " does not fit " + schema + " at '" + error.pointer() + "': " + error)
        .toList();
  }

  /** Each item of a batch is held against the single form, which it repeats but for its name. */
  private static List<String> batchViolations(Request request) {
    List<String> found = new ArrayList<>();
    JsonNode results = request.body().path("results");
    if (!(results instanceof ArrayNode items) || items.isEmpty() || items.size() > 100) {
      return List.of("a batch of results expected 1..100 items but had " + results.size());
    }
    Set<String> attempts = new HashSet<>(items.findValuesAsText("attempt_id"));
    if (attempts.size() != items.size()) {
      found.add("a batch of results names each attempt once");
    }
    for (JsonNode item : items) {
      if (!(item instanceof ObjectNode result)) {
        found.add("an item of a batch of results expected an object");
        continue;
      }
      ObjectNode single = result.deepCopy();
      single.remove("attempt_id");
      if (single.has("claim_next")) {
        found.add("an item of a batch of results has no claim_next");
      }
      found.addAll(schemaViolations("result.request", single, "an item of a batch"));
    }
    return found;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
