package dev.dome.cli.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of a service, as its contract in contracts/openapi has it. What the contracts gain
 * is attacked from then on.
 *
 * @param owner whose contract it is
 * @param path with its parameters in braces
 * @param json the body that the contract gives as an example, or an empty object; empty where the
 *     operation reads no JSON
 * @param answersJsonOnly whether nothing but JSON comes back
 */
record ApiOperation(
    DomeService owner,
    String method,
    String path,
    List<Parameter> parameters,
    Optional<ObjectNode> json,
    boolean answersJsonOnly) {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private static final String APPLICATION_JSON = "application/json";
  private static final String SCHEMA_SUFFIX = ".schema.json";

  /**
   * Something of the path or the query.
   *
   * @param example of the contract; empty when it gives none
   */
  record Parameter(String name, String place, boolean number, boolean required, String example) {
    boolean inPath() {
      return place.equals("path");
    }

    boolean inQuery() {
      return place.equals("query");
    }
  }

  /** Every operation of every contract below a repository's root. */
  static List<ApiOperation> all(Path root) {
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    List<ApiOperation> operations = new ArrayList<>();
    for (DomeService service : DomeService.values()) {
      Path file = root.resolve("contracts/openapi/" + service.serviceName() + "/v1.yaml");
      try {
        JsonNode contract = yaml.readTree(Files.readAllBytes(file));
        contract
            .path("paths")
            .properties()
            .forEach(path ->
                path.getValue().properties().stream()
                    .filter(operation -> METHODS.contains(operation.getKey()))
                    .map(operation ->
                        of(root, service, path.getKey(), operation.getKey(), operation.getValue()))
                    .forEach(operations::add));
      } catch (IOException e) {
        throw new UncheckedIOException("the contract cannot be read", e);
      }
    }
    return operations;
  }

  private static ApiOperation of(
      Path root, DomeService owner, String path, String method, JsonNode operation) {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode parameter : operation.path("parameters")) {
      parameters.add(
          new Parameter(
              parameter.path("name").asText(),
              parameter.path("in").asText(),
              parameter.at("/schema/type").asText().equals("integer"),
              parameter.path("required").asBoolean(),
              parameter.path("example").asText()));
    }
    return new ApiOperation(
        owner,
        method.toUpperCase(Locale.ROOT),
        path,
        List.copyOf(parameters),
        body(root, operation.at("/requestBody/content")),
        answersJsonOnly(operation.path("responses")));
  }

  private static Optional<ObjectNode> body(Path root, JsonNode content) {
    JsonNode json = content.path(APPLICATION_JSON);
    if (json.isMissingNode()) {
      return Optional.empty();
    }
    if (json.path("example") instanceof ObjectNode example) {
      return Optional.of(example);
    }
    return Optional.of(example(root, json.at("/schema/$ref").asText()));
  }

  /** The example of ssot to a schema of ssot. */
  private static ObjectNode example(Path root, String schema) {
    if (!schema.endsWith(SCHEMA_SUFFIX)) {
      return Json.mapper().createObjectNode();
    }
    String name = schema.substring(schema.lastIndexOf('/') + 1);
    String stem = name.substring(0, name.length() - SCHEMA_SUFFIX.length());
    try {
      return Json.read(
          Files.readAllBytes(root.resolve("ssot/examples/" + stem + ".json")), ObjectNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException("the example cannot be read", e);
    }
  }

  private static boolean answersJsonOnly(JsonNode responses) {
    boolean only = false;
    for (JsonNode response : responses) {
      for (String type : iterable(response.path("content"))) {
        if (type.equals(APPLICATION_JSON)) {
          only = true;
        } else if (!type.equals("application/problem+json")) {
          return false;
        }
      }
    }
    return only;
  }

  private static Iterable<String> iterable(JsonNode object) {
    return object::fieldNames;
  }

  /** Whether a request of it may change something. */
  boolean writes() {
    return !method.equals("GET");
  }

  @Override
  public String toString() {
    return owner.serviceName() + " " + method + " " + path;
  }
}
