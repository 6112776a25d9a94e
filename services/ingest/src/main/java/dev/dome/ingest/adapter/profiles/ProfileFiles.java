package dev.dome.ingest.adapter.profiles;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.StrictJson;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.ingest.application.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Profiles from a directory with one {@code <namespace>.json} each, which holds the namespace's
 * {@code runtime.config}. They are read once: a change is a new deployment, at all replicas.
 */
public final class ProfileFiles {
  private static final String SUFFIX = ".json";

  /** What the decider can hold a run to; the schema of v0.2 says no upper bounds. */
  private static final Map<String, Integer> AT_MOST =
      Map.of("max_retries", 100, "max_workers", 1_000_000, "time_minutes", 5_270_400);

  private ProfileFiles() {}

  /**
   * Reads them.
   *
   * @throws IOException when the directory or a file cannot be read, does not fit the schema, names
   *     a default it lacks, or a value is beyond its bound
   */
  public static Profiles in(Path directory, SchemaCatalog schemas) throws IOException {
    Map<NamespaceId, JsonNode> configs = new HashMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
        String name = file.getFileName().toString();
        configs.put(
            namespace(file, name.substring(0, name.length() - SUFFIX.length())),
            config(file, schemas));
      }
    }
    return new Profiles(configs);
  }

  private static NamespaceId namespace(Path file, String name) throws IOException {
    if (!NamespaceId.PATTERN.matcher(name).matches()) {
      throw new IOException(file + " is not named after a namespace");
    }
    return new NamespaceId(name);
  }

  private static JsonNode config(Path file, SchemaCatalog schemas) throws IOException {
    JsonNode config =
        switch (StrictJson.parse(Files.readAllBytes(file))) {
          case StrictJson.Result.Parsed(JsonNode tree) -> tree;
          case StrictJson.Result.Refused refused ->
              throw new IOException(file + " is not acceptable JSON: " + refused.reasonCode());
        };
    List<FieldError> errors = schemas.validate(SchemaNames.RUNTIME_CONFIG, config);
    if (!errors.isEmpty()) {
      throw new IOException(
          file + errors.getFirst().pointer() + " does not fit: " + errors.getFirst().detail());
    }
    if (!config.path("profiles").has(config.path("default_profile").asText())) {
      throw new IOException(file + "/default_profile names no profile of the file");
    }
    for (Map.Entry<String, JsonNode> profile : config.path("profiles").properties()) {
      requireBounds(file, profile.getKey(), profile.getValue().path("budgets"));
    }
    return config;
  }

  private static void requireBounds(Path file, String profile, JsonNode budgets)
      throws IOException {
    for (Map.Entry<String, Integer> bound : AT_MOST.entrySet()) {
      if (budgets.path(bound.getKey()).asLong() > bound.getValue()) {
        throw new IOException(
            "%s: %s of %s expected at most %d"
                .formatted(file, bound.getKey(), profile, bound.getValue()));
      }
    }
  }
}
